CREATE TABLE `interned` (
	`id` integer PRIMARY KEY NOT NULL,
	`text` text NOT NULL
);
