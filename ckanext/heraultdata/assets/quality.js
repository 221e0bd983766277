/* The advice of a form: asked for when the form opens, and again each time that it changes. */
ckan.module("heraultdata-advice", function ($) {
  var PAUSE = 500;

  return {
    initialize: function () {
      var section = this.el;
      var form = section.closest("form");
      var advice = section.find("[hx-post]")[0];
      var pending;

      function ask() {
        htmx.trigger(advice, "heraultdata-filled");
      }

      function askSoon() {
        window.clearTimeout(pending);
        pending = window.setTimeout(ask, PAUSE);
      }

      // A file is told by its name: it goes to the portal only when the form is saved.
      advice.addEventListener("htmx:configRequest", function (event) {
        form.find("input[type=file]").each(function () {
          delete event.detail.parameters[this.name];
          if (this.name === "upload" && this.files.length) {
            event.detail.parameters.sent_file = this.files[0].name;
          }
        });
      });
      // By jQuery: the lists of keywords and formats tell of a change in no other way.
      form.on("change input", askSoon);
      form.on("click", "[name=repeating-remove], [name=multiple-remove]", askSoon);
      // Below the buttons: what comes late, or grows, must not push them from under a finger.
      form.find(".form-actions").last().after(section);
      section.prop("hidden", false);
      ask();
    },
  };
});
