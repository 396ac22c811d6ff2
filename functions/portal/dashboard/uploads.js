// A file on its way into the bucket: hashed here, announced to the API, sent where that has said, and looked at there.

import * as api from "./api.js";

const OFFICE = "application/vnd.openxmlformats-officedocument";
const PATIENCE_MS = 600_000;

/** The media types that are taken, by the endings of names. */
export const TYPES = {
  pdf: "application/pdf",
  docx: `${OFFICE}.wordprocessingml.document`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  pptx: `${OFFICE}.presentationml.presentation`,
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  mp4: "video/mp4",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  txt: "text/plain",
  csv: "text/csv",
  zip: "application/zip",
};

/** Bring a file as evidence of the milestone at a path, and return what became of it.
 *
 * `about` has its `requirement` and `description`; `tell` is told how far it is. A file that was announced before and has
 * not come is sent again. Throws what the API throws, and an Error that says why nothing was sent.
 */
export async function upload(path, file, about, tell) {
  if (!file) throw new Error("Choose a file first.");
  const type = TYPES[file.name.split(".").pop().toLowerCase()];
  if (!type) throw new Error("Files of this type are not taken.");
  tell("The file is being read …");
  const sha256 = hexadecimal(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const described = Object.fromEntries(Object.entries(about).filter(([, value]) => value));
  const body = { file_name: file.name, media_type: type, size_bytes: file.size, sha256, ...described };
  const { evidence, upload: place } = await announced(path, body);
  if (place) {
    tell("The file is being sent …");
    await put(place, file);
  }
  tell("The file is being looked at …");
  return await api.write("POST", `evidence/${evidence.evidence_id}/complete`);
}

/** Return the bytes at a signed address. Throws Unreachable, or an Error that says so. */
export async function fetchFile(url) {
  const response = await reached(url, {});
  if (!response.ok) throw new Error("The bucket did not give the file. Try again.");
  return await response.arrayBuffer();
}

async function announced(path, body) {
  try {
    return await api.write("POST", `${path}/evidence`, { body, key: crypto.randomUUID() });
  } catch (error) {
    if (error.code !== "DuplicateEvidence") throw error;
    const again = api.write("POST", `evidence/${error.problem.evidence_id}/upload-url`);
    return await again.catch(() => {
      throw error;
    });
  }
}

async function put({ method, url, headers }, file) {
  // The browser says by itself how long a file is.
  const { "Content-Length": _, ...sent } = headers;
  const response = await reached(url, { method, headers: sent, body: file });
  // 412: an earlier try has arrived.
  if (!response.ok && response.status !== 412) throw new Error(`The bucket did not take the file (${response.status}). Try again.`);
}

async function reached(url, asked) {
  try {
    return await fetch(url, { ...asked, signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    throw new api.Unreachable();
  }
}

function hexadecimal(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
