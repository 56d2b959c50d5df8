"""Roadside signs (诱导屏): what they show and why, in which words, and whether they really show it."""
