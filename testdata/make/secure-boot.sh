#!/bin/bash
# Makes the recording `secure-boot`: a machine whose firmware verifies what it starts.
# OVMF with Microsoft's keys starts Debian's signed shim, GRUB and kernel from an image,
# and an initramfs of busybox records. Root; needs qemu-system-x86, ovmf, mtools, cpio,
# busybox-static, and the unpacked packages shim-signed and grub-efi-amd64-signed.
#
#   testdata/make/secure-boot.sh PACKAGES VMLINUZ MODULES [FOLDER]
#
# PACKAGES is where both packages were unpacked, MODULES the kernel's folder of modules.
set -eu
packages=$(realpath "$1") kernel=$(realpath "$2") modules=$(realpath "$3")
cd "$(dirname "$0")/../.."
out=$(realpath "${4:-testdata/recordings}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/root/bin" "$work/root/proc" "$work/root/sys" "$work/root/dev" "$work/root/tmp" "$work/root/etc"
cp "$(command -v busybox)" "$work/root/bin/busybox"
for tool in $("$work/root/bin/busybox" --list); do ln -sf busybox "$work/root/bin/$tool"; done
cp "$modules/kernel/fs/efivarfs/efivarfs.ko" "$work/root/"
cargo run -q -p anji-collect --example script -- boot.secure >"$work/root/script.sh"
cat >"$work/root/init" <<'INIT'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
hostname guest01
insmod /efivarfs.ko
mount -t efivarfs efivarfs /sys/firmware/efi/efivars; mount -t securityfs s /sys/kernel/security
env -i LC_ALL=C PATH=/bin sh /script.sh recording </dev/null >/tmp/out 2>&1
stty -F /dev/ttyS1 raw
cat /tmp/out >/dev/ttyS1
sleep 2; echo o >/proc/sysrq-trigger; sleep 30
INIT
chmod 755 "$work/root/init"
(cd "$work/root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"

image=$work/esp.img
truncate -s 64M "$image"
mformat -i "$image" -F ::
mmd -i "$image" ::/EFI ::/EFI/BOOT ::/EFI/debian
printf 'set timeout=0\nlinux /vmlinuz console=ttyS0 panic=1\ninitrd /initrd\nboot\n' >"$work/grub.cfg"
mcopy -i "$image" "$packages/usr/lib/shim/shimx64.efi.signed" ::/EFI/BOOT/BOOTX64.EFI
mcopy -i "$image" "$packages/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" ::/EFI/BOOT/grubx64.efi
mcopy -i "$image" "$work/grub.cfg" ::/EFI/debian/grub.cfg
mcopy -i "$image" "$kernel" ::/vmlinuz
mcopy -i "$image" "$work/initrd" ::/initrd
cp /usr/share/OVMF/OVMF_VARS_4M.ms.fd "$work/vars.fd"
timeout 600 qemu-system-x86_64 -machine q35,smm=on -accel tcg,thread=multi -cpu max -m 1024 \
    -global driver=cfi.pflash01,property=secure,value=on \
    -drive if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.secboot.fd \
    -drive if=pflash,format=raw,unit=1,file="$work/vars.fd" \
    -drive file="$image",format=raw,if=virtio -nic none -no-reboot -display none -monitor none \
    -serial file:"$work/console" -serial file:"$work/out" </dev/null
mkdir -p "$out/secure-boot"
tr -d '\r' <"$work/out" >"$out/secure-boot/bundle.txt"
