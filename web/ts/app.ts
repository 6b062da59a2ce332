// What makes the pages quick. Every page works without it: it adds, it replaces nothing.
import "./ui";
import "./keys";
import "./suggest";
import "./upload";
import "./keep";
import "./watch";
import "./scan";
import "./check";
import "./kind";
import "./matrix";
import "./box";
import "./ledger";
