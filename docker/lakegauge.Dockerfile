# The command line in a container, to run `check` from cron, as a Kubernetes CronJob or as a pipeline step.
#
#   docker build -f docker/lakegauge.Dockerfile -t lakegauge .
#   docker run --rm -v "$PWD/lakegauge.yaml:/watch/lakegauge.yaml:ro" -v lakegauge:/watch/.lakegauge -e AWS_ACCESS_KEY_ID … lakegauge check

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --locked --profile dist --package lakegauge --bin lakegauge

FROM debian:12.12-slim
# CA certificates, for HTTPS to object stores.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /source/target/dist/lakegauge /usr/local/bin/lakegauge
# By default the history is stored next to the config, so the user must own this folder.
RUN useradd --uid 10001 --user-group --no-create-home lakegauge \
    && install --directory --owner=lakegauge --group=lakegauge /watch /watch/.lakegauge
USER 10001:10001
WORKDIR /watch
VOLUME ["/watch/.lakegauge"]
# No health check: the process exits when it is done, and its exit code is the status of the lake.
HEALTHCHECK NONE
ENTRYPOINT ["lakegauge"]
CMD ["check"]
