// A served device in a folder of its own: started, talked to over its control socket, stopped.
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const command = process.env.OTA_SIM ?? path.join(root, "tools/ota-sim");

export class Device {
    // `link`: "tcp" or "pty". More options go to `ota-sim serve` as they are.
    static async start(link, options = [], folder = fs.mkdtempSync(path.join(os.tmpdir(), "ota-sim-serial-"))) {
        const device = new Device();
        device.folder = folder;
        device.flash = path.join(folder, "flash.bin");
        device.control = path.join(folder, "control");
        const line = link === "tcp" ? ["--tcp", "127.0.0.1:0"] : ["--pty", path.join(folder, "ttyDEVICE")];
        device.process = spawn(
            command,
            ["serve", "--flash", device.flash, "--control", device.control, ...line, ...options],
            { stdio: ["ignore", "pipe", "pipe"] },
        );
        device.errors = "";
        device.process.stderr.on("data", (text) => (device.errors += text));
        device.ended = new Promise((resolve) =>
            device.process.once("exit", (code, signal) => resolve({ code, signal })),
        );
        device.address = await device.#announced();
        return device;
    }

    #announced() {
        return new Promise((resolve, reject) => {
            let text = "";
            this.process.stdout.on("data", (more) => {
                text += more;
                const match = text.match(/^serving (.*)\n/);
                if (match) resolve(match[1]);
            });
            this.process.once("exit", () => reject(new Error(`the server ended: ${this.errors}`)));
        });
    }

    // One command, its answer.
    say(line) {
        return new Promise((resolve, reject) => {
            const socket = net.connect(this.control);
            let answer = "";
            socket.on("data", (more) => (answer += more));
            socket.on("error", reject);
            socket.on("end", () => resolve(answer.trimEnd()));
            socket.on("connect", () => socket.end(line + "\n"));
        });
    }

    async status() {
        return JSON.parse(await this.say("status"));
    }

    setLines = async (dtr, rts) => {
        await this.say(`lines ${Number(dtr)} ${Number(rts)}`);
    };

    // What is in the file once everything is saved.
    async saved() {
        await this.say("save");
        return fs.readFileSync(this.flash);
    }

    async stop(signal = "SIGTERM") {
        this.process.kill(signal);
        return this.ended;
    }

    remove() {
        fs.rmSync(this.folder, { recursive: true, force: true });
    }
}
