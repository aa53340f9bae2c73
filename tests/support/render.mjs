// One label a line comes in as JSON [zpl, width, height] in dots, one PNG a line goes out as base64: the renderer starts
// once for all of them.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { ready } = createRequire(import.meta.url)("zpl-renderer-js");
const { api } = await ready;
const dotsPerMm = 8; // only turns millimetres into dots here: any whole number of dots comes out exactly

for await (const line of createInterface({ input: process.stdin })) {
  const [zpl, width, height] = JSON.parse(line);
  const images = await api.zplToBase64MultipleAsync(zpl, width / dotsPerMm, height / dotsPerMm, dotsPerMm);
  if (images.length !== 1) throw new Error(`${images.length} labels came out of one: ${line}`);
  process.stdout.write(images[0] + "\n");
}
process.exit(0);
