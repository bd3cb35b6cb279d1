// What hosts, power and people do to a served device that esptool would not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Device, command } from "./device.mjs";
import { eraseRegion, imageLike, md5, randomBytes, withHost, write } from "./host.mjs";

const killRuns = Number(process.env.KILL_RUNS ?? 20);

function connect(device) {
    const port = Number(device.address.split(":").at(-1));
    return new Promise((resolve, reject) => {
        const socket = net.connect(port, "127.0.0.1", () => resolve(socket));
        socket.on("error", reject);
    });
}

function ended(socket) {
    return new Promise((resolve) => socket.once("close", resolve).resume());
}

async function untilStatus(device, holds) {
    for (let i = 0; i < 200; i++) {
        const status = await device.status();
        if (holds(status)) return status;
        await sleep(20);
    }
    assert.fail(`the device never got there: ${JSON.stringify(await device.status())}`);
}

async function stillWorks(device) {
    await untilStatus(device, (status) => !status.connected);
    const image = imageLike(5_000);
    await withHost(device, {}, (loader) => write(loader, 0x20000, image, true));
    assert.deepEqual((await device.saved()).subarray(0x20000, 0x20000 + image.length), Buffer.from(image));
}

describe("a host that misbehaves", () => {
    let device;
    before(async () => (device = await Device.start("tcp", ["--target", "esp32s3"])));
    after(async () => {
        assert.deepEqual(await device.stop(), { code: 0, signal: null });
        device.remove();
    });

    it("sends garbage", async () => {
        const socket = await connect(device);
        socket.on("data", () => {});
        for (let i = 0; i < 50; i++) socket.write(crypto.randomBytes(4096));
        await sleep(100);
        socket.destroy();
        await stillWorks(device);
    });

    it("sends garbage that begins like telnet", async () => {
        const socket = await connect(device);
        socket.on("data", () => {});
        for (let i = 0; i < 50; i++) socket.write(Buffer.concat([Buffer.from([0xff]), crypto.randomBytes(4096)]));
        await sleep(100);
        socket.destroy();
        await stillWorks(device);
    });

    it("gets the protocol's error for a malformed request", async () => {
        const socket = await connect(device);
        const reply = new Promise((resolve) => socket.once("data", resolve));
        socket.write(Buffer.from([0xc0, 0x00, 0x0a, 0x63, 0x00, 0, 0, 0, 0, 0xc0])); // says 99 bytes, has none
        assert.deepEqual(
            await reply,
            Buffer.from([0xc0, 0x01, 0x0a, 0x04, 0x00, 0, 0, 0, 0, 0x01, 0x05, 0, 0, 0xc0]),
        );
        socket.destroy();
        await stillWorks(device);
    });

    it("stops in the middle of a frame", async () => {
        const socket = await connect(device);
        await new Promise((resolve) => socket.write(Buffer.from([0xc0, 0x00, 0x03, 0x10]), resolve));
        socket.destroy();
        await stillWorks(device);
    });

    it("stops in the middle of a download", async () => {
        await withHost(device, {}, async (loader) => {
            await loader.flashBegin(0x40000, 0x100000);
            await loader.flashBlock(randomBytes(0x4000), 0, 3000);
        });
        await stillWorks(device);
    });

    it("asks for a lot and does not read it", async () => {
        await withHost(device, {}, async (loader) => {
            const request = Buffer.alloc(16);
            request.writeUInt32LE(0x400000, 4);
            request.writeUInt32LE(0x1000, 8);
            request.writeUInt32LE(0x7fffffff, 12);
            await loader.checkCommand("read flash", 0xd2, new Uint8Array(request));
        });
        await stillWorks(device);
    });

    it("comes while another one is there", async () => {
        const first = await connect(device);
        await untilStatus(device, (status) => status.connected);
        await ended(await connect(device)); // is sent away
        assert.equal((await device.status()).connected, true);
        first.destroy();
        await stillWorks(device);
    });
});

describe("power", () => {
    let device;
    before(async () => (device = await Device.start("tcp", ["--target", "esp32c3", "--cut-after", "40"])));
    after(async () => {
        await device.stop();
        device.remove();
    });

    it("goes in the middle of an operation", async () => {
        const image = randomBytes(20_000);
        await assert.rejects(withHost(device, {}, (loader) => write(loader, 0x10000, image, false)));
        assert.equal((await device.status()).mode, "off");
        const flash = fs.readFileSync(device.flash);
        const written = flash.subarray(0x10000, 0x10000 + image.length);
        let same = 0;
        while (written[same] === image[same]) same++;
        // the first packet's four sectors, 36 programs of 64 bytes, and half of the one that follows
        assert.equal(same, 36 * 64 + 32);
        assert.ok(written.subarray(same).every((byte) => byte === 0xff));
    });

    it("comes back, and the device works", async () => {
        assert.equal(await device.say("power-on"), "ok");
        await stillWorks(device);
    });

    it("is cut by command while a host is connected", async () => {
        await withHost(device, {}, async (loader) => {
            await eraseRegion(loader, 0, 0x10000);
            assert.equal(await device.say("cut"), "ok");
            await assert.rejects(loader.readReg(0x40001000, 200));
        });
        assert.equal(await device.say("power-on"), "ok");
        await stillWorks(device);
    });
});

describe("--realtime", () => {
    let device;
    before(async () => (device = await Device.start("tcp", ["--target", "esp32", "--chip", "W25Q32JV", "--realtime"])));
    after(async () => {
        await device.stop();
        device.remove();
    });

    it("takes the chip's time", async () => {
        await withHost(device, {}, async (loader) => {
            const start = performance.now();
            await eraseRegion(loader, 0x1000, 0x5000);
            assert.ok(performance.now() - start >= 5 * 100); // 100 ms a sector
        });
    });

    it("lets a cut fall into a running erase", async () => {
        await withHost(device, {}, async (loader) => {
            await write(loader, 0x100000, randomBytes(0x8000), true);
            const erased = eraseRegion(loader, 0x100000, 0x8000);
            erased.catch(() => {});
            await sleep(350);
            assert.equal(await device.say("cut"), "ok");
            await assert.rejects(erased);
        });
        const region = fs.readFileSync(device.flash).subarray(0x100000, 0x108000);
        assert.ok(region.subarray(0, 0x1000).every((byte) => byte === 0xff)); // done
        assert.ok(!region.subarray(0x7000).every((byte) => byte === 0xff)); // never begun
    });
});

describe("--boot", () => {
    let device;
    before(async () => (device = await Device.start("tcp", ["--target", "esp32s3", "--boot"])));
    after(async () => {
        await device.stop();
        device.remove();
    });

    it("starts in download mode; the host's leaving boots", async () => {
        await stillWorks(device);
        const status = await untilStatus(device, ({ boots }) => boots > 0);
        assert.equal(status.mode, "app");
    });

    it("prints on the console what it does", async () => {
        const socket = await connect(device);
        await untilStatus(device, (status) => status.connected);
        setImmediate(() => device.say("reset"));
        const text = await new Promise((resolve) => {
            let all = "";
            socket.on("data", (more) => {
                all += more;
                if (all.includes("boot:0x13") && /boot: /.test(all)) resolve(all);
            });
        });
        assert.match(text, /ESP32-S3/);
        socket.destroy();
    });

    it("is brought back by a SYNC where there are no control lines", async () => {
        await stillWorks(device);
    });

    it("is brought back by DTR and RTS, and only by them where there are some", async () => {
        await untilStatus(device, ({ mode }) => mode === "app");
        await withHost(device, { lines: true }, async (loader, transport) => {
            assert.equal((await device.status()).mode, "download mode");
            await transport.setDTR(false); // esptool-js loses track of it in its own reset
            await transport.setRTS(true);
            await transport.setRTS(false);
            assert.equal((await device.status()).mode, "app");
            await assert.rejects(loader.sync());
            assert.equal((await device.status()).mode, "app");
        });
    });
});

describe("the flash file", () => {
    it("is whole whenever the server is killed", async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ota-sim-serial-"));
        const images = [imageLike(0x6000), imageLike(0x6000)];
        for (let run = 0; run < killRuns; run++) {
            const device = await Device.start("pty", ["--size", "1MB"], folder);
            const image = images[run % 2];
            let written = null;
            const work = withHost(device, {}, async (loader) => {
                await write(loader, 0x8000, image, true);
                if ((await device.say("save")) === "ok") written = image;
            });
            const killed = sleep(crypto.randomInt(250)).then(() => device.stop("SIGKILL"));
            await Promise.allSettled([Promise.race([work, killed.then(() => sleep(50))])]);
            await killed;
            const file = fs.readFileSync(device.flash);
            assert.equal(file.length, 1 << 20);
            if (written === image) assert.equal(md5(file.subarray(0x8000, 0xe000)), md5(image));
        }
        const last = await Device.start("pty", [], folder);
        await stillWorks(last);
        await last.stop();
        last.remove();
    });

    it("is saved on Ctrl-C, which the exit status tells", async () => {
        const device = await Device.start("tcp");
        const image = imageLike(3_000);
        await withHost(device, {}, (loader) => write(loader, 0, image, true));
        assert.deepEqual(await device.stop("SIGINT"), { code: 130, signal: null });
        assert.deepEqual(fs.readFileSync(device.flash).subarray(0, image.length), Buffer.from(image));
        device.remove();
    });
});

describe("bad usage", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ota-sim-serial-"));
    const odd = path.join(folder, "odd.bin");
    fs.writeFileSync(odd, Buffer.alloc(3_000_000));
    after(() => fs.rmSync(folder, { recursive: true }));

    for (const [title, options, complaint] of [
        ["no flash file", [], /--flash FILE/],
        ["an odd size", ["--flash", odd], /3000000 bytes.*1, 2, 4, 8, 16 or 32 MiB/],
        ["an impossible size", ["--flash", path.join(folder, "new.bin"), "--size", "3MB"], /--size|3MB/],
        ["another machine's address", ["--flash", path.join(folder, "a"), "--tcp", "0.0.0.0:0"], /only this machine/],
        ["an unknown target", ["--flash", path.join(folder, "a"), "--target", "esp32x9"], /esp32c3/],
        ["a file in the link's place", ["--flash", path.join(folder, "a"), "--pty", odd], /odd\.bin/],
        ["an unknown option", ["--flash", path.join(folder, "a"), "--turbo"], /--turbo/],
        ["a folder for a file", ["--flash", folder], /folder/],
    ]) {
        it(title, () => {
            const run = spawnSync(command, ["serve", ...options], { encoding: "utf8", timeout: 20_000 });
            assert.equal(run.status, 2);
            assert.match(run.stderr, complaint);
            assert.equal(run.stdout, "");
        });
    }
});
