// One label a line comes in as JSON text, one PNG a line goes out as base64: the renderer starts once for all of them.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { ready } = createRequire(import.meta.url)("zpl-renderer-js");
const { api } = await ready;
const [widthMm, heightMm, dotsPerMm] = [101.5, 152.25, 8]; // exactly 812 x 1218 dots (device_protocols 10.1)

for await (const line of createInterface({ input: process.stdin })) {
  const images = await api.zplToBase64MultipleAsync(JSON.parse(line), widthMm, heightMm, dotsPerMm);
  if (images.length !== 1) throw new Error(`${images.length} labels came out of one: ${line}`);
  process.stdout.write(images[0] + "\n");
}
process.exit(0);
