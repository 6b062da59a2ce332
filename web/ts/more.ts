// The parts of all pages but the portal, whose first view is held to 25 KB.
import "./keep";
import "./upload";
import "./scan";
import "./check";
import "./kind";
import "./matrix";
import "./copy";
import "./evidence";
import "./ledger";
import "./act";
import "./item";
import "./passage";
import "./register";
import "./remark";
import "./duty";
import "./start";
