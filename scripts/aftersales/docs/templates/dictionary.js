"use strict";
const byId = (id) => document.getElementById(id);
const articles = [...document.querySelectorAll("article")];
const sections = [...document.querySelectorAll("section")];

function show() {
  const words = byId("search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const family = byId("family").value;
  const status = byId("status").value;
  let count = 0;
  for (const article of articles) {
    const fits =
      words.every((word) => article.dataset.words.includes(word)) &&
      (!family || article.closest("section").dataset.section === family) &&
      (!status || article.dataset.status === status);
    article.hidden = !fits;
    count += fits;
  }
  for (const section of sections) {
    section.hidden = !section.querySelector("article:not([hidden])");
  }
  const shown = articles.filter((article) => !article.hidden);
  const details = shown.length === 1 && shown[0].querySelector("details");
  if (details) details.open = true;
  byId("found").textContent =
    count === articles.length ? "" : `${count} / ${articles.length}` + (count ? "" : " 没有匹配 nothing found");
}

function openTarget() {
  const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
  if (!target || target.tagName !== "ARTICLE") return;
  if (target.hidden) {
    byId("tools").reset();
    document.body.dataset.language = byId("language").value;
    show();
  }
  const details = target.querySelector("details");
  if (details) details.open = true;
  target.scrollIntoView();
}

byId("tools").addEventListener("submit", (event) => event.preventDefault());
for (const id of ["search", "family", "status"]) byId(id).addEventListener("input", show);
byId("language").addEventListener("input", () => {
  document.body.dataset.language = byId("language").value;
});
if (navigator.clipboard) {
  for (const button of document.querySelectorAll(".query button")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = "✓";
    });
  }
}
window.addEventListener("hashchange", openTarget);
byId("search").value = new URLSearchParams(location.search).get("q") || "";
show();
openTarget();
