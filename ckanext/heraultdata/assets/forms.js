/* The lists in which several values are searched (select2, as CKAN bundles it) get the name of
   their field: without it a screen reader announces a list of nothing. */
ckan.module("heraultdata-named-lists", function ($) {
  return {
    initialize: function () {
      // The lists are built by other modules, in the same turn as this one.
      window.setTimeout(this.nameLists.bind(this), 0);
    },

    nameLists: function () {
      this.el.closest("form").find("[role=combobox]").each(function () {
        var field = $(this).closest(".controls").find("input[id], select[id]").first();
        var label = $("label[for='" + field.attr("id") + "']").first();
        if (!$(this).attr("aria-labelledby") && label.length) {
          $(this).attr("aria-label", label.text().replace("*", "").trim());
        }
      });
    },
  };
});
