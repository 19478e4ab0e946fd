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

  // A link to a check that is folded or filtered away shows it.
  let unfilter = () => {};
  const reveal = (hash) => {
    const at = hash.length > 1 && byId(hash.slice(1));
    if (!at || at.tagName !== "DETAILS") return;
    if (at.hidden) unfilter();
    at.open = true;
    at.scrollIntoView();
  };
  addEventListener("hashchange", () => reveal(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) reveal(link.hash);
  });
  reveal(location.hash);

  const bar = byId("filter");
  if (!bar || !checks.length) return;
  bar.hidden = false;
  const field = (id) => byId(id) || { value: "", checked: false };
  const [text, level, word, host, system, changed] =
    ["f-text", "f-s", "f-w", "f-h", "f-y", "f-c"].map(field);
  const count = byId("f-count"), paper = byId("f-print");
  let all = null;
  // Texts are gathered when they are first searched.
  const gather = () =>
    (all ||= checks.map((box) => {
      const rows = [...box.querySelectorAll(".r")];
      const about = [...box.querySelectorAll("summary, .about")].map((one) => one.textContent);
      const head = about.join(" ");
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
    const number = (n) => n.toLocaleString("en");
    count.textContent = count.dataset.text.replace("{shown}", number(shown)).replace("{total}", number(total));
    // Paper says that it does not hold everything.
    paper.hidden = shown === total;
    paper.textContent = paper.dataset.text + count.textContent;
  };
  let soon = 0;
  unfilter = () => {
    text.value = "";
    for (const one of [level, word, host, system]) one.value = "";
    changed.checked = false;
    apply();
  };
  const later = () => { clearTimeout(soon); soon = setTimeout(apply, 120); };
  text.addEventListener("input", later);
  bar.addEventListener("change", apply);
  byId("f-open").addEventListener("click", () => checks.forEach((one) => { if (!one.hidden) one.open = true; }));
  byId("f-close").addEventListener("click", () => folds.forEach((one) => (one.open = false)));
  apply();
})();
