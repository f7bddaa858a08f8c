# syntax=docker/dockerfile:1
# The program alone, without a system around it: about 30 MB, no shell, not root.

FROM golang:1.26-bookworm AS build
WORKDIR /src
# SQLite is C, compiled in. The image of Go brings gcc and the static C library along.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# netgo and osusergo: names of hosts and users are looked up by Go, because the C library would load parts of itself at run time.
# sqlite_omit_load_extension: nothing loads code into the database.
RUN CGO_ENABLED=1 go build -trimpath -buildvcs=auto -tags netgo,osusergo,sqlite_omit_load_extension \
      -ldflags '-s -w -linkmode external -extldflags "-static"' -o /out/ouderavond ./cmd/ouderavond
# Fails if the program needs anything at run time.
RUN ! ldd /out/ouderavond 2>/dev/null
# The root of the image: the data folder for the user, a folder for temporary files (large sorts of SQLite), and who signs certificates.
RUN install -d -m 0700 -o 65532 -g 65532 /root-of-image/data /root-of-image/copies \
 && install -d -m 1777 /root-of-image/tmp \
 && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /root-of-image/etc/ssl/certs/ca-certificates.crt \
 && install -D -m 0755 /out/ouderavond /root-of-image/ouderavond \
 && printf 'ouderavond:x:65532:65532::/data:/ouderavond\n' > /root-of-image/etc/passwd

FROM scratch
COPY --from=build /root-of-image/ /
USER 65532:65532
WORKDIR /data
# The database, the master key, the mailbox folder and the receipts of wipes. Copies of the database go to another volume.
VOLUME ["/data", "/copies"]
ENV OUDERAVOND_DATA=/data \
    OUDERAVOND_LISTEN=0.0.0.0:8080
EXPOSE 8080
# SIGTERM lets requests finish; give it time: docker stop --time 60.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/ouderavond", "health", "--alive"]
ENTRYPOINT ["/ouderavond"]
CMD ["serve"]
