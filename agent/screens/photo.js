/** A photo on its way to the station: made small first, for a camera's picture is larger than a station takes. */
import { call } from "./station.js";
import { say } from "./words.js";

const LONGEST_SIDE = 1600; // a label on a box can still be read
const QUALITY = 0.85;

/**
 * Keep a photo at the station.
 * @param {Blob} file
 * @param {string} about what it is of, like `fulfillment:F-1`
 * @returns {Promise<{sha256?: string, sentence?: string}>} its name there, or why it is not kept
 */
export async function keepPhoto(file, about) {
  const small = await smaller(file);
  if (small === null) return { sentence: say("photo_unreadable") };
  const reply = await call(`/v1/station/files?of=${encodeURIComponent(about)}`, small);
  if (!reply) return { sentence: say("photo_not_kept") };
  return reply.body.sha256 ? { sha256: reply.body.sha256 } : { sentence: reply.body.error?.message };
}

/**
 * The picture as JPEG with its longest side cut down; null for what is none.
 * @param {Blob} file
 */
async function smaller(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch (fault) {
    if (fault instanceof DOMException) return null;
    throw fault;
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}
