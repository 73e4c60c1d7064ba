# The command line in a container: `check` by cron, as a Kubernetes CronJob, or as a step of a pipeline.
#
#   docker build -f docker/lakegauge.Dockerfile -t lakegauge .
#   docker run --rm -v "$PWD/lakegauge.yaml:/watch/lakegauge.yaml:ro" -v lakegauge:/watch/.lakegauge -e AWS_ACCESS_KEY_ID … lakegauge check

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --locked --profile dist --package lakegauge --bin lakegauge

FROM debian:12.12-slim
# Certificates of the authorities that sign for object stores.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /source/target/dist/lakegauge /usr/local/bin/lakegauge
# The history lies beside the config, unless the config says otherwise: whoever runs it owns the folder.
RUN useradd --uid 10001 --user-group --no-create-home lakegauge \
    && install --directory --owner=lakegauge --group=lakegauge /watch /watch/.lakegauge
USER 10001:10001
WORKDIR /watch
VOLUME ["/watch/.lakegauge"]
# No health check: the process ends with its answer, and its exit code is the health of the lake.
HEALTHCHECK NONE
ENTRYPOINT ["lakegauge"]
CMD ["check"]
