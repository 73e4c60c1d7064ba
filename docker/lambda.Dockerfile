# The functions under the AWS Lambda runtime interface emulator, for development: compose.yaml puts an S3 and a
# CloudWatch beside them. What is deployed is the zip of `cargo xtask package-lambda`, not this image.
#
#   docker build -f docker/lambda.Dockerfile -t lakegauge-lambda .

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /source
COPY . .
# What is built on Debian 12 asks for glibc 2.34, which is that of provided.al2023.
RUN cargo build --locked --release --package lakegauge-lambda --bin bootstrap

FROM public.ecr.aws/lambda/provided:al2023
# The base's entry point starts the emulator, unless AWS_LAMBDA_RUNTIME_API names a real one, and below it this file.
COPY --from=build /source/target/release/bootstrap /var/runtime/bootstrap
USER 1000:1000
# The handler: `schedule`, `objects` or `alarm`.
CMD ["schedule"]
