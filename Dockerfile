# syntax=docker/dockerfile:1
# The server in a small image. It links Debian's libpq, which speaks TLS to the database
# (the libpq that plain `cargo build` bundles does not), and runs as a user without rights.

FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked -p api --bin second-opinion --no-default-features \
    && install -D target/release/second-opinion /out/second-opinion

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/second-opinion --create-home second-opinion
COPY --from=build /out/second-opinion /usr/local/bin/second-opinion
USER 10001
WORKDIR /var/lib/second-opinion
ENV SECOND_OPINION_LISTEN=0.0.0.0:8080 SECOND_OPINION_LOG_FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["second-opinion"]
CMD ["serve"]
