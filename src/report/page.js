"use strict";
// What makes the page handy. Everything can be read without it.
(function () {
  const causes = Array.from(document.querySelectorAll(".cause"));
  const search = document.getElementById("search");
  const boxes = Array.from(document.querySelectorAll(".tools input[type=checkbox]"));
  const shown = document.getElementById("shown");

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const cause of causes) {
      const text = cause.dataset.text;
      const keep = severities.has(cause.dataset.severity) && words.every((word) => text.includes(word));
      cause.hidden = !keep;
      count += keep ? 1 : 0;
    }
    shown.textContent = count === causes.length ? "" : count + " of " + causes.length + " shown";
  }

  function open(all) {
    for (const cause of causes) if (!cause.hidden) cause.open = all;
  }

  // The clipboard is not there for every page that comes from a file: then the text is selected.
  async function copy(button) {
    const text = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch (error) {
      const range = document.createRange();
      range.selectNodeContents(text);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }

  function openTarget() {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const cause = target && target.closest(".cause");
    if (!cause) return;
    cause.hidden = false;
    cause.open = true;
    target.scrollIntoView();
  }

  for (const cause of causes) cause.dataset.text = cause.querySelector("summary").textContent.toLowerCase();
  if (search) {
    search.addEventListener("input", filter);
    for (const box of boxes) box.addEventListener("change", filter);
    document.getElementById("open-all").addEventListener("click", () => open(true));
    document.getElementById("close-all").addEventListener("click", () => open(false));
    document.querySelector(".tools").hidden = false;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copy(button);
  });
  for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
  window.addEventListener("hashchange", openTarget);
  openTarget();

  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of closed) one.open = true;
  });
  window.addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
})();
