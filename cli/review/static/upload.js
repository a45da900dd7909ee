// Sends photos in pieces, one file after another. What was begun is remembered, so that choosing the same file
// again after a closed page goes on where it stopped; a dropped connection needs nothing, it is tried again.
"use strict";

const form = document.getElementById("upload");
const list = document.getElementById("list");
const say = form.dataset;
const chunk = Number(say.chunk);
const waiting = [];
let busy = false;

const TRIES = 120; // some half an hour: a polling station may be without network for long
const pause = (ms) => new Promise((resolve) => {
  const timer = setTimeout(done, ms);
  function done() {
    clearTimeout(timer);
    window.removeEventListener("online", done);
    resolve();
  }
  window.addEventListener("online", done); // the network is back: do not wait any longer
});

async function ask(url, options) {
  const answer = await fetch(url, { ...options, headers: { Accept: "application/json", ...options?.headers } });
  const data = await answer.json().catch(() => ({}));
  return { ok: answer.ok, status: answer.status, data };
}

const post = (url, body, type) => ask(url, { method: "POST", body, headers: { "Content-Type": type } });

// Answers that will not change are handed on; no network, a busy server and a lock-down are waited for.
async function patiently(row, step) {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const answer = await step();
      if (answer.status < 500 && answer.status !== 429) {
        tell(row, say.sending);
        return answer;
      }
    } catch {
      tell(row, say.lost);
    }
    await pause(Math.min(500 * 2 ** Math.min(tries, 5), 15000));
  }
  throw new Error(say.lost);
}

function refused(answer) {
  return new Error([answer.data.error, answer.data.advice].filter(Boolean).join(" ") || String(answer.status));
}

async function begun(file, key, row) {
  const id = localStorage.getItem(key);
  if (id) {
    const answer = await patiently(row, () => ask(`/api/upload/${id}`));
    if (answer.ok) return { upload: id, offset: answer.data.offset };
    localStorage.removeItem(key);
  }
  const body = JSON.stringify({ name: file.name, size: file.size, precinct: form.elements.precinct.value });
  const answer = await patiently(row, () => post("/api/upload/begin", body, "application/json"));
  if (!answer.ok) throw refused(answer);
  localStorage.setItem(key, answer.data.upload);
  return answer.data;
}

async function send(file, row) {
  const key = `upload:${file.name}:${file.size}:${file.lastModified}`;
  let { upload, offset } = await begun(file, key, row);
  row.bar.value = offset / file.size;
  while (offset < file.size) {
    const piece = file.slice(offset, offset + chunk);
    const url = `/upload/${upload}/chunk?offset=${offset}`;
    const answer = await patiently(row, () => post(url, piece, "application/octet-stream"));
    if (answer.status !== 409 && !answer.ok) throw refused(answer);
    offset = answer.data.offset;
    row.bar.value = offset / file.size;
  }
  const done = await patiently(row, () => post(`/api/upload/${upload}/finish`, "{}", "application/json"));
  localStorage.removeItem(key);
  if (!done.ok) throw refused(done);
  return done.data;
}

function element(kind, text) {
  const made = document.createElement(kind);
  if (text) made.textContent = text;
  return made;
}

function line(file) {
  const item = document.createElement("li");
  const bar = element("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const says = element("p", say.queued);
  item.append(element("span", file.name), bar, says);
  list.prepend(item);
  return { item, bar, says };
}

function tell(row, text) {
  if (row.says.textContent !== text) row.says.textContent = text;
}

function receipt(row, data) {
  row.bar.remove();
  const look = element("a", say.look);
  look.href = data.next;
  const keep = element("a", say.done);
  const text = JSON.stringify(data.receipt, null, 1);
  keep.href = `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
  keep.download = `hattama-${data.receipt.sha256.slice(0, 12)}.json`;
  const links = element("p");
  links.append(look, " · ", keep);
  row.item.append(links);
  tell(row, data.reason || say.reading);
}

// The sheet is still on the table: say at once what was read and what to photograph again.
async function outcome(row, address) {
  for (let tries = 0; tries < 60; tries++) {
    await pause(Math.min(1000 + 500 * tries, 5000));
    const answer = await ask(`/api${address}`).catch(() => null);
    if (!answer || answer.status >= 500 || answer.data.state === "reading") continue;
    if (!answer.ok || answer.data.state !== "read") return;
    const pages = answer.data.pages;
    const fine = pages.every((page) => page.status === "accepted" && !page.other_precinct);
    const none = pages.every((page) => page.status === "not_a_protocol");
    row.item.className = fine ? "ok" : "bad";
    const numbers = pages.map((page) => page.precinct).filter((number) => number !== null);
    const which = numbers.length ? `№ ${numbers.join(", ")}. ` : "";
    tell(row, which + (fine ? say.fine : none ? say.other : say.person));
    const advice = element("ul");
    for (const page of pages) {
      for (const one of page.broken) advice.append(element("li", `${one.id}: ${one.says}`));
      for (const one of page.again) advice.append(element("li", one));
    }
    if (advice.children.length) row.says.after(advice);
    return;
  }
}

async function work() {
  if (busy) return;
  busy = true;
  while (waiting.length) {
    const { file, row } = waiting.shift();
    try {
      const data = await send(file, row);
      receipt(row, data);
      row.item.className = data.reason ? "bad" : "ok";
      if (!data.reason) outcome(row, data.next);
    } catch (error) {
      row.item.className = "bad";
      tell(row, `${say.broken} ${error.message}`);
    }
  }
  busy = false;
}

for (const chooser of document.querySelectorAll(".file")) {
  chooser.addEventListener("change", () => {
    for (const file of chooser.files) waiting.push({ file, row: line(file) });
    chooser.value = "";
    work();
  });
}
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("beforeunload", (event) => {
  if (busy) event.preventDefault();
});
