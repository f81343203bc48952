import { Injectable } from "@nestjs/common";
import { LLMTool } from "@signalbox/nestjs";
import { z } from "zod";

const where = z.object({ country: z.string() });
const DAYS = new Map([
  ["France", 2],
  ["Japan", 9],
]);

/** A tool that is the same for everybody: an ordinary service with a decorated method. */
@Injectable()
export class DeliveryTool {
  @LLMTool({ name: "delivery_days", description: "How many days a parcel takes", parameters: where })
  days({ country }: z.infer<typeof where>) {
    return { country, days: DAYS.get(country) ?? 14 };
  }
}
