# The functions in the AWS Lambda runtime interface emulator, for development; compose.yaml adds an S3 and a
# CloudWatch. Deployments use the zip of `cargo xtask package-lambda`, not this image.
#
#   docker build -f docker/lambda.Dockerfile -t lakegauge-lambda .

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /source
COPY . .
# A build on Debian 12 needs glibc 2.34, the version in provided.al2023.
RUN cargo build --locked --release --package lakegauge-lambda --bin bootstrap

FROM public.ecr.aws/lambda/provided:al2023
# The base image's entry point runs this file in the emulator, or directly if AWS_LAMBDA_RUNTIME_API is set.
COPY --from=build /source/target/release/bootstrap /var/runtime/bootstrap
USER 1000:1000
# The handler: `schedule`, `objects` or `alarm`.
CMD ["schedule"]
