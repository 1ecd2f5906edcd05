/* Sets the remembered theme before the first paint, so that nothing flashes. Loaded in the head, not deferred. */
(function () {
  "use strict";
  try {
    var theme = window.localStorage.getItem("fieldloop-theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    }
  } catch (error) {
    /* Storage is closed to us (private window): the system's theme it is. */
  }
})();
