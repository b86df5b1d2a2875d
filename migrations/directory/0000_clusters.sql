CREATE TABLE `clusters` (
	`id` text PRIMARY KEY NOT NULL,
	`collection` text NOT NULL,
	`name` text NOT NULL,
	`workers` integer NOT NULL,
	`control_plane` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clusters_by_collection` ON `clusters` (`collection`);