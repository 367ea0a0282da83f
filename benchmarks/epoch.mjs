// The WebAssembly core under Node as a contender: speaks as worker.py does, one epoch a run; judges nothing.
//
//   node epoch.mjs '{wasm, folder, pixels, sizes, recipe}'    in `folder`: images, labels, weights, order as raw bytes
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const given = JSON.parse(process.argv[2]);
const core = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(given.wasm))).exports;
let next = core.heap();
function place(bytes) {
    const at = next;
    next += Math.ceil(bytes / 64) * 64;
    const missing = next - core.memory.buffer.byteLength;
    if (missing > 0) core.memory.grow(Math.ceil(missing / 65536));
    return at;
}
function put(array) {
    const at = place(array.byteLength);
    new Uint8Array(core.memory.buffer, at).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return at;
}
const file = (name) => readFileSync(`${given.folder}/${name}`);

const labels = file("labels"), count = labels.length, layers = given.sizes.length - 1;
const images = put(file("images")), labelsAt = put(labels), order = put(file("order"));
const weights = put(file("weights")), bytes = file("weights").length;
const sizes = put(Int32Array.from(given.sizes)), recipe = put(Float64Array.from(given.recipe));
const packed = place(core.packed_bytes(images, count, given.pixels));
core.pack(packed, images, count, given.pixels);
const job = place(core.job_bytes(packed, sizes, layers, recipe));
core.job(job, packed, labelsAt, sizes, layers, 0, 0, recipe);
const zeros = put(new Uint8Array(bytes)), trained = place(bytes);
const batches = Math.ceil(count / given.recipe[7]), losses = place(4 * batches);

function run() {
    core.write(job, 0, weights);
    core.write(job, 2, zeros);
    core.run(job, order, count, 0, 0n, losses);
    core.read(job, 0, trained);
}
console.log(JSON.stringify({ ready: { node: process.versions.node } }));
for await (const line of createInterface({ input: process.stdin })) {
    const times = Number(line), cpu = process.cpuUsage(), began = performance.now();
    for (let turn = 0; turn < times; turn++) run();
    const seconds = (performance.now() - began) / 1000, used = process.cpuUsage(cpu);
    const every = Math.ceil(batches / 50);
    const all = new Float32Array(core.memory.buffer, losses, batches);
    const fingerprint = createHash("sha256").update(new Uint8Array(core.memory.buffer, trained, bytes)).digest("hex");
    const seen = { losses: [...all].filter((_, k) => k % every === 0), fingerprint: fingerprint.slice(0, 16) };
    console.log(JSON.stringify({ seconds: seconds / times, cpu: (used.user + used.system) / 1e6 / times, seen }));
}
