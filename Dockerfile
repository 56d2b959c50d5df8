# syntax=docker/dockerfile:1
# Every RUN is a script of this repository; `make image-steps` and the tests run the same scripts without a container.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /src
COPY requirements/ requirements/
COPY deploy/image/dependencies.sh deploy/image/
RUN deploy/image/dependencies.sh /opt/parking
COPY . .
RUN deploy/image/package.sh /opt/parking

FROM python:${PYTHON}-slim
COPY deploy/image/user.sh /tmp/user.sh
RUN /tmp/user.sh
COPY --from=build /opt/parking /opt/parking
COPY deploy/image/entry.sh deploy/image/healthcheck.py /opt/parking/
ENV PATH=/opt/parking/bin:$PATH \
    PARKING_HOST=0.0.0.0 \
    PARKING_PORT=8080 \
    PARKING_DATA=/var/lib/parking \
    PARKING_LOG_FORMAT=json
USER parking
WORKDIR /var/lib/parking
VOLUME /var/lib/parking
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/opt/parking/bin/python", "/opt/parking/healthcheck.py"]
ENTRYPOINT ["/opt/parking/entry.sh"]
CMD ["serve"]
