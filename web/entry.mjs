// What the console's own modules import, in one file.
import { Fragment, h, render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { batch, computed, effect, signal, useComputed, useSignal } from "@preact/signals";
import htm from "htm";

export const html = htm.bind(h);
export { Fragment, batch, computed, effect, h, render, signal, useComputed, useEffect, useMemo, useRef, useSignal, useState };
