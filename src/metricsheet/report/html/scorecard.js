(function () {
  "use strict";
  var find = document.getElementById("find"), status = document.getElementById("status");
  var cards = Array.from(document.querySelectorAll("details.metric"));
  function narrow() {
    var word = find.value.toLocaleLowerCase();
    cards.forEach(function (card) {
      var text = (card.dataset.key + " " + card.querySelector(".name").textContent).toLocaleLowerCase();
      card.hidden = !(text.includes(word) && (!status.value || card.dataset.status === status.value));
    });
    document.querySelectorAll("section.stage").forEach(function (stage) {
      stage.hidden = !stage.querySelector("details.metric:not([hidden])");
    });
  }
  document.getElementById("tools").hidden = false;
  find.addEventListener("input", narrow);
  status.addEventListener("change", narrow);
  document.getElementById("tools").addEventListener("submit", function (event) { event.preventDefault(); });
  document.querySelectorAll("table.heat").forEach(function (table) {
    table.querySelectorAll("thead th").forEach(function (head, place) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      button.addEventListener("click", function () {
        var up = head.getAttribute("aria-sort") !== "ascending", body = table.tBodies[0];
        table.querySelectorAll("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        Array.from(body.rows).sort(function (a, b) {
          var x = a.cells[place], y = b.cells[place], p = x.dataset.sort, q = y.dataset.sort;
          if (p === undefined) { return (up ? 1 : -1) * x.textContent.localeCompare(y.textContent); }
          if (p === "" || q === "") { return (p === "") - (q === ""); }
          return (up ? 1 : -1) * (Number(p) - Number(q));
        }).forEach(function (row) { body.append(row); });
      });
    });
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.finding").forEach(function (one) { one.open = true; });
  });
  if (typeof DecompressionStream === "function") {
    var packed = Uint8Array.from(atob(document.getElementById("data").textContent), function (c) { return c.charCodeAt(0); });
    var link = document.getElementById("json");
    link.hidden = false;
    link.addEventListener("click", function (event) {
      if (link.href.startsWith("blob:")) { return; }
      event.preventDefault();
      new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).blob().then(function (blob) {
        link.href = URL.createObjectURL(blob);
        link.click();
      });
    });
  }
}());
