import type { ModelNotice } from "../../model-notice.js";
import type { FaultInfo } from "../faults.js";

/** What the page asks for first. It does not change while the servers run, but for the port. */
export interface StudioInfo extends Pick<ModelNotice, "model" | "searchFee"> {
  answers: "openrouter" | "simulator";
  /** The port of the NestJS server; the same host. Absent until it is known. */
  nestPort: number | undefined;
  /** What may be made to go wrong; nothing where OpenRouter answers. */
  faults: FaultInfo[];
}
