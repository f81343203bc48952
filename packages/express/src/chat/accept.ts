import type { Accept as AcceptFor, Allowed as AllowedFor } from "@signalbox/core/node";
import type { Request } from "express";

/** What a body may put into a field: anything, one of a list (each element of an array one of it), or what a judge allows. */
export type Allowed<T> = AllowedFor<T, Request>;

/** Fields that a body may set beyond `prompt`, `messages` and `stream`: their names, or an allow-list for each. */
export type Accept = AcceptFor<Request>;
