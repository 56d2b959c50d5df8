// Before the first paint: the theme and the language that were chosen last, so that nothing flashes.
(function () {
  var root = document.documentElement;
  var asked = new URLSearchParams(location.search).get("lang");
  function kept(name) {
    try { return localStorage.getItem(name); } catch (refused) { return null; }
  }
  var lang = asked === "en" || asked === "zh" ? asked : kept("lang") === "en" ? "en" : "zh";
  root.lang = lang === "en" ? "en" : "zh-CN";
  var theme = kept("theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
})();
