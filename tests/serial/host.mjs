// esptool-js as a host: connected, with a stub or without.
import crypto from "node:crypto";

import { ESPLoader, Transport } from "esptool-js";

import { Port } from "./port.mjs";

const silent = { clean() {}, write() {}, writeLine() {} };

export function md5(bytes) {
    return crypto.createHash("md5").update(bytes).digest("hex");
}

export function randomBytes(length) {
    return new Uint8Array(crypto.randomBytes(length));
}

// Half random, half repetitive: packs like an app image does.
export function imageLike(length) {
    const bytes = randomBytes(length);
    for (let i = 0; i < length; i++) if ((i >> 8) & 1) bytes[i] = i & 0x0f;
    return bytes;
}

export function openHost(device, { lines = false, baudrate = 115200 } = {}) {
    const port = new Port(device.address, lines ? device.setLines : null);
    const transport = new Transport(port, false);
    // prints to the console when a port is closed, whether tracing is on or not
    transport.trace = () => {};
    const loader = new ESPLoader({ transport, baudrate, romBaudrate: 115200, terminal: silent });
    return { port, transport, loader };
}

// Runs `work` with a connected host and hangs up.
export async function withHost(device, options, work) {
    const host = openHost(device, options);
    const before = options.lines ? "default_reset" : "no_reset";
    try {
        if (options.stub === false) {
            await host.loader.detectChip(before);
            host.loader.FLASH_WRITE_SIZE = host.loader.chip.FLASH_WRITE_SIZE;
            await host.loader.flashSpiAttach(0);
        } else {
            await host.loader.main(before);
        }
        return await work(host.loader, host.transport);
    } finally {
        await host.transport.disconnect();
    }
}

export function write(loader, address, data, compress) {
    return loader.writeFlash({
        fileArray: [{ data, address }],
        flashSize: "keep",
        flashMode: "keep",
        flashFreq: "keep",
        eraseAll: false,
        compress,
        // without a stub esptool-js compares the ROM's text with bytes, and never finds them equal
        calculateMD5Hash: loader.IS_STUB ? md5 : undefined,
    });
}

// The digest as the ROM gives it: text, of which esptool-js shows the bytes.
export async function romMd5(loader, address, size) {
    return Buffer.from(await loader.flashMd5sum(address, size), "hex").toString("latin1");
}

// READ_FLASH_SLOW, which esptool-js does not have.
export async function slowRead(loader, address, size) {
    const parts = [];
    for (let done = 0; done < size; done += 64) {
        const request = Buffer.alloc(8);
        request.writeUInt32LE(address + done, 0);
        request.writeUInt32LE(Math.min(64, size - done), 4);
        parts.push(await loader.checkCommand("read slowly", 0x0e, new Uint8Array(request), 0, 64));
    }
    return Buffer.concat(parts).subarray(0, size);
}

export async function eraseRegion(loader, address, size) {
    const request = Buffer.alloc(8);
    request.writeUInt32LE(address, 0);
    request.writeUInt32LE(size, 4);
    await loader.checkCommand("erase region", 0xd1, new Uint8Array(request));
}
