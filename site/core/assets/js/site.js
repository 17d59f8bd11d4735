// What every page may use. Each module finds its own `data-*` and does nothing where there is none.
import "./menu.js";
import "./browser-zone.js";
import "./submit-once.js";
import "./csrf.js";
import "./failures.js";
import "./copy.js";
import "./second-look.js";
