// What esptool-js expects of a browser's serial port, on a pseudo-terminal or a TCP connection.
import fs from "node:fs";
import net from "node:net";
import { spawn } from "node:child_process";
import { Writable } from "node:stream";

function connectTcp(address) {
    const [host, port] = address.replace("socket://", "").split(":");
    return new Promise((resolve, reject) => {
        const socket = net.connect({ host, port: Number(port), noDelay: true });
        socket.once("error", reject);
        socket.once("connect", () => resolve({ input: socket, output: socket }));
    });
}

// Node reads terminals through descriptors that it never closes all of, and then the device would not see the host leave. `cat` reads here.
function openTerminal(path) {
    const fd = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NOCTTY);
    const reader = spawn("cat", { stdio: [fd, "pipe", "ignore"] });
    const output = new Writable({
        write: (bytes, encoding, done) => writeAll(fd, bytes, done),
        destroy(error, done) {
            const close = () => fs.close(fd, done);
            if (reader.exitCode !== null || reader.signalCode !== null) return close();
            reader.once("exit", close);
            reader.kill("SIGKILL");
        },
    });
    return { input: reader.stdout, output };
}

function writeAll(fd, bytes, done) {
    fs.write(fd, bytes, (error, count) => {
        if (error || count === bytes.length) done(error);
        else writeAll(fd, bytes.subarray(count), done);
    });
}

function closed(stream) {
    return stream.closed ? Promise.resolve() : new Promise((resolve) => stream.once("close", resolve));
}

export class Port {
    // `setLines(dtr, rts)`: what moves the device's control lines; without it they are not connected.
    constructor(address, setLines = null) {
        this.address = address;
        this.setLines = setLines;
        this.dtr = false;
        this.rts = false;
    }

    getInfo() {
        return {};
    }

    async open() {
        const isTcp = this.address.startsWith("socket://");
        const { input, output } = isTcp ? await connectTcp(this.address) : openTerminal(this.address);
        this.input = input;
        this.output = output;
        for (const stream of new Set([input, output])) stream.on("error", () => {});
        this.readable = new ReadableStream({
            start(controller) {
                input.on("data", (bytes) => controller.enqueue(new Uint8Array(bytes)));
                input.on("close", () => {
                    try {
                        controller.close();
                    } catch {
                        // the reader has cancelled it before
                    }
                });
            },
            cancel() {
                input.removeAllListeners("data");
            },
        });
        this.writable = new WritableStream({
            // What goes into a dead line is lost without an error: after one, esptool-js would wait for ever.
            write(bytes) {
                return new Promise((resolve) => output.write(bytes, () => resolve()));
            },
        });
    }

    async close() {
        for (const stream of new Set([this.input, this.output])) {
            stream.destroy();
            await closed(stream);
        }
    }

    async setBaudRate() {}

    async setSignals({ dataTerminalReady = this.dtr, requestToSend = this.rts }) {
        this.dtr = dataTerminalReady;
        this.rts = requestToSend;
        if (this.setLines) await this.setLines(this.dtr, this.rts);
    }
}
