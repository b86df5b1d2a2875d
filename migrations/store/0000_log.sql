CREATE TABLE `compaction` (
	`id` integer PRIMARY KEY NOT NULL,
	`up_to` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `log` (
	`rev` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`created` integer NOT NULL,
	`version` integer NOT NULL,
	`prev` integer NOT NULL,
	`deleted` integer NOT NULL,
	`who` text NOT NULL,
	`cause` integer NOT NULL,
	`at` integer NOT NULL,
	`verb` text NOT NULL,
	`why` text,
	`ownership` text,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `disk` (
	`id` integer PRIMARY KEY NOT NULL,
	`node` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `lesson` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `meta` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `notes` (
	`seq` integer PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
