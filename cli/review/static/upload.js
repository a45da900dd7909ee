// Sends photos in pieces, one file after another. What was begun is remembered, so that choosing the same file
// again after a dropped connection or a closed page goes on where it stopped.
"use strict";

const form = document.getElementById("upload");
const list = document.getElementById("list");
const chunk = Number(form.dataset.chunk);
const waiting = [];
let busy = false;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function post(url, body, type) {
  const answer = await fetch(url, { method: "POST", body, headers: { "Content-Type": type, Accept: "application/json" } });
  const data = await answer.json().catch(() => ({}));
  return { ok: answer.ok, status: answer.status, data };
}

// A phone in a polling station loses its network: try again for some minutes before giving up.
async function patiently(step) {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await step();
      if (answer.status < 500 && answer.status !== 429) return answer;
    } catch (error) {
      if (tries > 40) throw error;
    }
    if (tries > 40) throw new Error("no connection");
    await pause(Math.min(500 * 2 ** Math.min(tries, 5), 15000));
  }
}

async function begun(file, key) {
  const id = localStorage.getItem(key);
  if (id) {
    const answer = await patiently(() => fetch(`/api/upload/${id}`));
    if (answer.ok) return { upload: id, offset: (await answer.json()).offset };
  }
  const body = { name: file.name, size: file.size, precinct: form.elements.precinct.value };
  const answer = await patiently(() => post("/api/upload/begin", JSON.stringify(body), "application/json"));
  if (!answer.ok) throw new Error(`${answer.data.error || ""} ${answer.data.advice || ""}`);
  localStorage.setItem(key, answer.data.upload);
  return answer.data;
}

async function send(file, row) {
  const key = `upload:${file.name}:${file.size}:${file.lastModified}`;
  let { upload, offset } = await begun(file, key);
  while (offset < file.size) {
    const piece = file.slice(offset, offset + chunk);
    const url = `/upload/${upload}/chunk?offset=${offset}`;
    const answer = await patiently(() => post(url, piece, "application/octet-stream"));
    if (answer.status !== 409 && !answer.ok) throw new Error(answer.data.error || String(answer.status));
    offset = answer.data.offset;
    row.bar.value = offset / file.size;
  }
  const done = await patiently(() => post(`/api/upload/${upload}/finish`, "{}", "application/json"));
  localStorage.removeItem(key);
  if (!done.ok) throw new Error(done.data.error || String(done.status));
  return done.data;
}

function line(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const says = document.createElement("p");
  item.append(name, bar, says);
  list.prepend(item);
  return { item, bar, says };
}

function receipt(row, data) {
  const link = document.createElement("a");
  link.href = data.next;
  link.textContent = form.dataset.look;
  const keep = document.createElement("a");
  const text = JSON.stringify(data.receipt, null, 1);
  keep.href = `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
  keep.download = `hattama-${data.receipt.sha256.slice(0, 12)}.json`;
  keep.textContent = form.dataset.done;
  row.says.textContent = data.reason ? `${data.reason} ` : `${form.dataset.reading} `;
  row.says.append(link, " · ", keep);
}

async function work() {
  if (busy) return;
  busy = true;
  while (waiting.length) {
    const { file, row } = waiting.shift();
    try {
      receipt(row, await send(file, row));
      row.item.className = "ok";
    } catch (error) {
      row.item.className = "bad";
      row.says.textContent = `${form.dataset.broken} ${error.message}`;
    }
  }
  busy = false;
}

document.getElementById("files").addEventListener("change", (event) => {
  for (const file of event.target.files) waiting.push({ file, row: line(file) });
  event.target.value = "";
  work();
});
form.addEventListener("submit", (event) => event.preventDefault());
