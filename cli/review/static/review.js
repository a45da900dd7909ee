// Typing help only: without this script the form works the same, marks are then typed as letters.
"use strict";

const MARKS = new Set(["KeyN", "KeyD", "KeyS", "KeyB"]);
const inputs = [...document.querySelectorAll("#sheet input:not([type=hidden])")];

function refresh(input) {
  const field = input.closest(".field");
  for (const button of field.querySelectorAll("[data-mark]")) {
    button.setAttribute("aria-pressed", String(button.dataset.mark === input.value));
  }
  field.classList.toggle("filled", input.value !== "");
}

function onward(input) {
  const next = inputs[inputs.indexOf(input) + 1];
  const target = next || document.querySelector("#sheet .actions button");
  target.focus();
  target.scrollIntoView({ block: "center" });
}

for (const input of inputs) {
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code === "KeyZ") {
      event.preventDefault();
      input.closest(".field").classList.toggle("zoomed");
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      onward(input);
    } else if (MARKS.has(event.code)) {
      // By place of the key, so that it works on a Kazakh or Russian keyboard too.
      event.preventDefault();
      input.value = event.code.slice(3);
      refresh(input);
      onward(input);
    } else if (event.key.length === 1 && !/[0-9]/.test(event.key)) {
      event.preventDefault();
    } else if (/^[0-9]$/.test(event.key) && /[NDSB]/.test(input.value)) {
      input.value = "";
    }
  });
  input.addEventListener("input", () => refresh(input));
  for (const button of input.closest(".field").querySelectorAll("[data-mark]")) {
    button.addEventListener("click", () => {
      input.value = input.value === button.dataset.mark ? "" : button.dataset.mark;
      refresh(input);
      if (input.value) onward(input);
    });
  }
  for (const button of input.closest(".field").querySelectorAll("[data-fill]")) {
    button.addEventListener("click", () => {
      input.value = button.dataset.fill;
      refresh(input);
      onward(input);
    });
  }
  refresh(input);
}

// On a phone the crops of the rows are enough; the whole page would push them below the screen.
const whole = document.querySelector(".page");
if (whole && window.matchMedia("(max-width: 62rem)").matches) whole.open = !document.querySelector(".crop");

// Views only: nothing of this is stored or sent.
for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => {
    const on = document.body.classList.toggle(button.dataset.view);
    button.setAttribute("aria-pressed", String(on));
  });
}
for (const crop of document.querySelectorAll(".crop")) {
  crop.addEventListener("click", () => crop.closest(".field").classList.toggle("zoomed"));
}

const first = inputs.find((input) => input.closest(".wrong")) || inputs.find((input) => input.value === "");
if (first) first.focus();
