// Conveniences for pages that work without them: playing, filtering, sorting.
(() => {
  "use strict";
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Folded parts are opened for paper.
  addEventListener("beforeprint", () => all("details").forEach((d) => (d.open = true)));

  // ---- playing from a second
  const audio = one("#sound");
  const says = one("#player-says");
  const head = one("#playhead");
  const turns = all(".turn[data-from]");

  const play = async (second) => {
    audio.currentTime = second;
    try {
      await audio.play();
    } catch {
      says.textContent = "The recording cannot be played here.";
    }
  };

  if (audio) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-at]");
      if (!link) return;
      const leads = link.closest(".timeline");
      if (!leads) event.preventDefault(); // in the picture, the words are shown as well
      play(Number(link.dataset.at));
    });
    audio.addEventListener("timeupdate", () => {
      const now = audio.currentTime;
      for (const turn of turns) {
        const on = now >= Number(turn.dataset.from) && now < Number(turn.dataset.to);
        turn.classList.toggle("now", on);
      }
      if (head) {
        const { left, width, length } = head.dataset;
        const x = Number(left) + (Number(width) * Math.min(now, length)) / Number(length);
        head.setAttribute("transform", `translate(${x} 0)`);
        head.setAttribute("visibility", "visible");
      }
    });
    const asked = /^#t=([\d.]+)$/.exec(location.hash);
    if (asked) {
      const second = Number(asked[1]);
      audio.currentTime = second;
      const before = turns.filter((turn) => Number(turn.dataset.from) <= second + 0.05);
      before.at(-1)?.scrollIntoView({ block: "center" });
      before.at(-1)?.classList.add("now");
    }
  }

  // ---- words and their notes point at each other
  const talk = one(".talk");
  if (talk) {
    const mark = (ids, on) =>
      all("[data-d]", talk).forEach((part) => {
        if (part.dataset.d.split(" ").some((id) => ids.includes(id))) part.classList.toggle("lit", on);
      });
    for (const [start, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
      for (const [kind, on] of [[start, true], [end, false]]) {
        talk.addEventListener(kind, (event) => {
          const part = event.target.closest("[data-d]");
          if (part) mark(part.dataset.d.split(" "), on);
        });
      }
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && talk.contains(document.activeElement)) document.activeElement.blur();
    });
  }

  // ---- which families are shown
  const filter = one("[data-filter]");
  if (filter) {
    const boxes = all("input", filter);
    const button = one("[data-filter-all]", filter);
    const apply = () => {
      const on = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      all("[data-f]", talk).forEach((part) => {
        part.classList.toggle("off", !part.dataset.f.split(" ").some((f) => on.has(f)));
      });
      all("[data-family-row]").forEach((row) => row.classList.toggle("off", !on.has(row.dataset.familyRow)));
      button.textContent = on.size ? "Hide all" : "Show all";
    };
    filter.addEventListener("change", apply);
    button.addEventListener("click", () => {
      const show = !boxes.some((box) => box.checked);
      boxes.forEach((box) => (box.checked = show));
      apply();
    });
  }

  // ---- the list of calls
  const list = one("[data-list]");
  if (list && one("#find")) {
    const rows = all("[data-row]", list);
    const find = one("#find");
    const order = one("#order");
    const count = one("#count");
    const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const apply = () => {
      const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      const shown = rows.filter((row) => {
        const hit = wanted.every((word) => words.get(row).includes(word));
        row.hidden = !hit;
        return hit;
      });
      count.textContent = `${shown.length} of ${rows.length} calls`;
    };
    const sort = () => {
      const [key, way] = order.value.split(" ");
      const value = (row) => row.dataset[key] ?? "";
      const numeric = key === "attention" || key === "length";
      const compare = (a, b) =>
        numeric ? Number(value(a)) - Number(value(b)) : value(a).localeCompare(value(b));
      rows.sort((a, b) => (way === "down" ? compare(b, a) : compare(a, b)));
      rows.forEach((row) => row.parentNode.append(row));
    };
    find.addEventListener("input", apply);
    order.addEventListener("change", sort);
  }
})();
