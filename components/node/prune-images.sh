set -eu
chroot /proc/1/root crictl --runtime-endpoint unix:///run/k3s/containerd/containerd.sock rmi --prune
sleep 30
