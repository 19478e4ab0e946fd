//! Texts that nft prints and files hold.
