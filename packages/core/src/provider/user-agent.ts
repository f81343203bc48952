/** How this package names itself to a service. */
export const USER_AGENT = "signalbox-core";
