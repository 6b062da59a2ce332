// What makes the pages quick. Every page works without it: it adds, it replaces nothing. What the portal does not use is more.ts.
import "./ui";
import "./keys";
import "./suggest";
import "./watch";
import "./box";
