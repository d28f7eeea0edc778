"use strict";
const remembered = () => { try { return localStorage.getItem("language"); } catch { return null; } };
const remember = (language) => { try { localStorage.setItem("language", language); } catch { /* private */ } };
const asked = new URLSearchParams(location.search).get("lang");
const speak = (language) => { document.body.dataset.language = language; document.documentElement.lang = language; };
speak(asked || remembered() || (navigator.language.startsWith("zh") ? "zh" : "en"));
const button = document.getElementById("language");
button.hidden = false;
button.addEventListener("click", () => {
  const language = document.body.dataset.language === "zh" ? "en" : "zh";
  speak(language);
  remember(language);
});
const filter = document.getElementById("filter");
if (filter) {
  filter.hidden = false;
  const rows = [...document.querySelectorAll("ol.items > li, tbody > tr")];
  filter.addEventListener("input", () => {
    const words = filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
  });
}
