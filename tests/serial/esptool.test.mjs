// The unmodified esptool-js against every target, on both kinds of line.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Device } from "./device.mjs";
import { eraseRegion, imageLike, md5, randomBytes, romMd5, slowRead, withHost, write } from "./host.mjs";

const targets = [
    { name: "esp32", chip: "ESP32", description: /ESP32-D0WD/ },
    { name: "esp32c3", chip: "ESP32-C3", description: /ESP32-C3.*v0\.4/ },
    { name: "esp32s3", chip: "ESP32-S3", description: /ESP32-S3.*v0\.2/ },
];

function isErased(bytes) {
    return bytes.every((byte) => byte === 0xff);
}

for (const { name, chip, description } of targets) {
    for (const link of ["tcp", "pty"]) {
        describe(`${name} on ${link}`, () => {
            let device;
            before(async () => {
                device = await Device.start(link, ["--target", name, "--size", "4MB", "--mac", "24:0a:c4:12:34:56"]);
            });
            after(async () => {
                assert.deepEqual(await device.stop(), { code: 0, signal: null });
                device.remove();
            });

            it("is detected, with its MAC and flash", async () => {
                await withHost(device, {}, async (loader) => {
                    assert.equal(loader.chip.CHIP_NAME, chip);
                    assert.match(await loader.chip.getChipDescription(loader), description);
                    assert.equal(await loader.chip.readMac(loader), "24:0a:c4:12:34:56");
                    assert.equal(await loader.chip.getCrystalFreq(loader), 40);
                    assert.equal(await loader.detectFlashSize(), "4MB");
                    assert.equal(await loader.readFlashId(), 0x1640ef);
                    assert.ok(loader.IS_STUB);
                });
            });

            for (const compress of [true, false]) {
                it(`writes ${compress ? "compressed" : "plain"} and reads back`, async () => {
                    const image = imageLike(70_000);
                    await withHost(device, {}, async (loader) => {
                        await write(loader, 0x10000, image, compress);
                        assert.equal(await loader.flashMd5sum(0x10000, image.length), md5(image));
                        const read = await loader.readFlash(0x10000, 20_000);
                        assert.deepEqual(Buffer.from(read), Buffer.from(image.subarray(0, 20_000)));
                    });
                    const flash = await device.saved();
                    assert.deepEqual(flash.subarray(0x10000, 0x10000 + image.length), Buffer.from(image));
                });
            }

            it("writes without a stub, plain and compressed", async () => {
                const image = imageLike(9_000);
                await withHost(device, { stub: false }, async (loader) => {
                    assert.equal(loader.IS_STUB, false);
                    await write(loader, 0x200000, image, false);
                    assert.equal(await romMd5(loader, 0x200000, image.length), md5(image));
                    await write(loader, 0x210000, image, true);
                    const read = await slowRead(loader, 0x210000, 1000);
                    assert.deepEqual(read, Buffer.from(image.subarray(0, 1000)));
                });
            });

            it("erases a region and the chip", async () => {
                const image = randomBytes(0x3000);
                await withHost(device, {}, async (loader) => {
                    await write(loader, 0x300000, image, true);
                    await eraseRegion(loader, 0x301000, 0x1000);
                    const flash = await device.saved();
                    assert.deepEqual(flash.subarray(0x300000, 0x301000), Buffer.from(image.subarray(0, 0x1000)));
                    assert.ok(isErased(flash.subarray(0x301000, 0x302000)));
                    assert.deepEqual(flash.subarray(0x302000, 0x303000), Buffer.from(image.subarray(0x2000)));
                    await loader.eraseFlash();
                });
                assert.ok(isErased(await device.saved()));
            });

            it("changes the baud rate", async () => {
                await withHost(device, { baudrate: 921600 }, async (loader) => {
                    assert.equal((await device.status()).baud, 921600);
                    assert.equal(loader.IS_STUB, true);
                });
            });

            it("is reset through DTR and RTS", async () => {
                await withHost(device, { lines: true }, async (loader, transport) => {
                    assert.equal((await device.status()).stub, true);
                    await transport.setDTR(false); // esptool-js loses track of it in its own reset
                    await transport.setRTS(true);
                    assert.equal((await device.status()).mode, "held in reset");
                    await loader.after("hard_reset");
                    assert.equal((await device.status()).mode, "download mode");
                    assert.equal((await device.status()).stub, false);
                });
            });

            it("writes the very last bytes of the chip", async () => {
                const image = randomBytes(0x1000);
                for (const compress of [true, false]) {
                    await withHost(device, {}, (loader) => write(loader, 0x3ff000, image, compress));
                    assert.deepEqual((await device.saved()).subarray(0x3ff000), Buffer.from(image));
                }
            });
        });
    }
}
