-- How roads moved: one row for each change of a section's level.
CREATE TABLE road_change (
    section text        NOT NULL,
    at      timestamptz NOT NULL,
    body    json        NOT NULL,
    PRIMARY KEY (section, at)
);
