"use strict";
// Filters, searches and unfolds. The page says everything without it.
(() => {
  const byId = (id) => document.getElementById(id);
  const checks = [...document.querySelectorAll("details.check")];
  const folds = [...document.querySelectorAll("details")];
  const theme = byId("theme");
  if (theme) {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    theme.hidden = false;
    theme.addEventListener("click", () => {
      const now = document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
      document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
    });
  }

  // What is printed is unfolded, and folded again afterwards.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = folds.filter((one) => !one.open);
    folded.forEach((one) => (one.open = true));
  });
  addEventListener("afterprint", () => folded.forEach((one) => (one.open = false)));

  // A link to a folded check unfolds it.
  const reveal = () => {
    const at = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    if (at && at.tagName === "DETAILS") at.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();

  const bar = byId("filter");
  if (!bar || !checks.length) return;
  bar.hidden = false;
  const field = (id) => byId(id) || { value: "", checked: false };
  const [text, level, word, host, system, changed] =
    ["f-text", "f-s", "f-w", "f-h", "f-y", "f-c"].map(field);
  const count = byId("f-count");
  let all = null;
  // Texts are gathered when they are first searched.
  const gather = () =>
    (all ||= checks.map((box) => {
      const rows = [...box.querySelectorAll(".r")];
      const head = box.querySelector("summary").textContent + box.querySelector(".about, .note").textContent;
      return { box, level: box.dataset.s, head: head.toLowerCase(),
               rows: rows.map((row) => ({ row, text: row.textContent.toLowerCase(), ...row.dataset })) };
    }));
  const apply = () => {
    const needles = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0, total = 0;
    for (const { box, level: own, head, rows } of gather()) {
      const rest = needles.filter((needle) => !head.includes(needle));
      let any = 0;
      for (const one of rows) {
        const fits = (!level.value || own === level.value) && (!word.value || one.w === word.value) &&
          (!host.value || one.h === host.value) && (!system.value || one.y === system.value) &&
          (!changed.checked || "c" in one) && rest.every((needle) => one.text.includes(needle));
        one.row.hidden = !fits;
        any += fits;
      }
      box.hidden = !any;
      shown += any;
      total += rows.length;
    }
    for (const part of document.querySelectorAll(".level")) {
      part.hidden = !part.querySelector("details.check:not([hidden])");
    }
    count.textContent = count.dataset.text.replace("{shown}", shown.toLocaleString("en")).replace("{total}", total.toLocaleString("en"));
  };
  let soon = 0;
  const later = () => { clearTimeout(soon); soon = setTimeout(apply, 120); };
  text.addEventListener("input", later);
  bar.addEventListener("change", apply);
  byId("f-open").addEventListener("click", () => checks.forEach((one) => { if (!one.hidden) one.open = true; }));
  byId("f-close").addEventListener("click", () => folds.forEach((one) => (one.open = false)));
  apply();
})();
