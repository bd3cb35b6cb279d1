openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out own.pem -days 400 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost 2>/dev/null
printf 'nvs,data,nvs,0x9000,0x4000\notadata,data,ota,0xd000,0x2000\nota_0,app,ota_0,0x10000,256K\nota_1,app,ota_1,,256K\n' >table.csv
ota-sim image make --size 40K old.bin
ota-sim image make --app-version 2.0.0 --size 100K new.bin
ota-sim flash --table table.csv --size 1MB --part ota_0=old.bin --boot ota_0 device.bin
python3 - <<'END' &
import http.server, os, ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("own.pem", "key.pem")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
server.socket = context.wrap_socket(server.socket, server_side=True)
with open("port.new", "w") as file:
    file.write(str(server.server_port))
os.rename("port.new", "port")
server.serve_forever()
END
server=$!
trap 'kill "$server"' EXIT
while [ ! -e port ]; do sleep 0.1; done
say() {
    python3 -c 'import json, sys; r = json.load(sys.stdin); print(r["result"], r["status"], r["version_after"], r["running"], r["cut"], r["warnings"])'
}
at="localhost:$(cat port)"
update() {
    ota-sim update --flash device.bin --json "$@" | say
}
update --url "https://$at/new.bin" --cacert own.pem
update --url "https://$at/new.bin" --cacert own.pem --resume --power-cut-at https_ota/40
update --url "https://$at/new.bin" || true
update --url "https://127.0.0.1:$(cat port)/new.bin" --cacert own.pem || true
update --url "https://$at/missing.bin" --cacert own.pem || true
update --url "https://localhost:1/new.bin" --cacert own.pem || true
#--- stdout
ESP_OK 200 2.0.0 ota_1 False []
ESP_OK 200 2.0.0 ota_1 True ['the server ignores ranges: a resumed download starts afresh, or fails before v5.5.4']
ESP_ERR_HTTP_CONNECT 0 1.0.0 ota_0 False []
ESP_ERR_HTTP_CONNECT 0 1.0.0 ota_0 False []
ESP_FAIL 404 1.0.0 ota_0 False []
ESP_ERR_HTTP_CONNECT 0 1.0.0 ota_0 False []
#--- stderr ignore
