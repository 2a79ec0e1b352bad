-- Recipes and how far each has come: request and steps are JSON (protocol/model/recipe.ts).
CREATE TABLE recipe (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	title TEXT NOT NULL,
	request TEXT NOT NULL,
	confirmed INTEGER NOT NULL,
	status TEXT NOT NULL,
	steps TEXT NOT NULL,
	who TEXT NOT NULL,
	access TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	finished_at INTEGER
) STRICT;
CREATE INDEX recipe_unfinished ON recipe (id) WHERE status IN ('running', 'waiting');
