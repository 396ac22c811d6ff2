// The modules of parts, in the order of the page.

import { samples as bars } from "./bars.js";
import { samples as choosing } from "./choosing.js";
import { samples as days } from "./days.js";
import { samples as diagrams } from "./diagrams.js";
import { samples as dialogs } from "./dialogs.js";
import { samples as files } from "./files.js";
import { samples as finding } from "./finding.js";
import { samples as forms } from "./forms.js";
import { samples as layout } from "./layout.js";
import { samples as levels } from "./levels.js";
import { samples as ordering } from "./ordering.js";
import { samples as pictures } from "./pictures.js";
import { samples as previews } from "./previews.js";
import { samples as rows } from "./rows.js";
import { samples as searching } from "./searching.js";
import { samples as states } from "./states.js";
import { samples as tables } from "./tables.js";
import { samples as texts } from "./texts.js";
import { samples as trees } from "./trees.js";

export const modules = [
  { name: "layout", samples: layout },
  { name: "texts", samples: texts },
  { name: "forms", samples: forms },
  { name: "choosing", samples: choosing },
  { name: "rows", samples: rows },
  { name: "tables", samples: tables },
  { name: "bars", samples: bars },
  { name: "levels", samples: levels },
  { name: "days", samples: days },
  { name: "states", samples: states },
  { name: "searching", samples: searching },
  { name: "trees", samples: trees },
  { name: "finding", samples: finding },
  { name: "ordering", samples: ordering },
  { name: "pictures", samples: pictures },
  { name: "previews", samples: previews },
  { name: "diagrams", samples: diagrams },
  { name: "dialogs", samples: dialogs },
  { name: "files", samples: files },
];
