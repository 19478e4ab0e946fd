//! What the recorded systems are known to be: accounts at work, sudo, shells, banners, cron.
