// Only additions: every page works without this file.
"use strict";

// Filter tiles and lists of tasks while typing. The box appears only because this script runs.
for (const box of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(box.dataset.filter);
  const input = box.querySelector("input");
  const found = box.querySelector("[role=status]");
  if (!list || !input) continue;
  box.hidden = false;
  const plain = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  let pause;
  input.addEventListener("input", () => {
    const wanted = plain(input.value).trim().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of list.children) {
      const words = plain(item.dataset.words ?? "");
      // What is ticked stays in sight, so that nothing is sent unseen.
      const fits = wanted.every((word) => words.includes(word)) || item.querySelector(":checked") !== null;
      item.hidden = !fits;
      if (fits) shown += 1;
    }
    clearTimeout(pause);
    pause = setTimeout(() => (found.textContent = shown === 0 ? found.dataset.none : ""), 400);
  });
  // Enter in the box searches where there is a button for it; elsewhere it would send the form by surprise.
  if (!box.querySelector("button")) {
    input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
}

// Sending twice does it once: the second press is ignored, the button says so to who listens.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

// Parts that change by themselves. While there is nothing to read yet (`data-refresh-replace`) the part is
// replaced as soon as the server has more; afterwards a line offers the change, and nothing moves unasked.
const parser = new DOMParser();
for (const part of document.querySelectorAll("[data-refresh]")) watch(part);

function watch(part) {
  const line = document.querySelector(`[data-live="${part.id}"]`);
  let seconds = Number(part.dataset.refresh) || 15;
  let before = part.innerHTML;
  const later = () => setTimeout(look, seconds * 1000);

  async function look() {
    if (document.hidden) return later();
    let fresh;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      fresh = parser.parseFromString(await answer.text(), "text/html").getElementById(part.id);
    } catch {
      seconds = Math.min(seconds * 2, 60);
      return later();
    }
    if (!fresh || fresh.innerHTML === before) {
      if (part.hasAttribute("data-refresh-replace")) seconds = Math.max(seconds, Math.min(seconds * 1.2, 10));
      return later();
    }
    if (part.hasAttribute("data-refresh-replace") && !part.contains(document.activeElement)) {
      before = fresh.innerHTML;
      part.innerHTML = before;
      if (!fresh.hasAttribute("data-refresh-replace")) part.removeAttribute("data-refresh-replace");
      if (!fresh.hasAttribute("data-refresh")) return;
      seconds = Number(fresh.dataset.refresh) || 15;
      const heading = part.querySelector("h2, h3");
      if (line && heading && !part.hasAttribute("data-refresh-replace")) line.textContent = heading.textContent;
      return later();
    }
    if (!line) return later();
    const link = document.createElement("a");
    link.className = "nl-link";
    link.href = location.href;
    link.textContent = line.dataset.show;
    line.replaceChildren(`${line.dataset.changed} `, link);
  }
  later();
}
