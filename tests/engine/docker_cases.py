"""Argument lists by hand, as one would type them after ``docker run``. ``NETWORK`` is a network of the
test's own, ``ADDRESSES`` the beginning of its addresses."""

_RESOURCES = """
-m 512m
-m512m
-m=512m
--memory 512m
--memory=512M
--memory 512mb
--memory 512MiB
--memory '512 m'
--memory 0.5g
--memory 536870912
--memory 536870912b
--memory 6m
-m 1g -m 300m
-m 512m --memory-swap 1g
-m 512m --memory-swap 512m
-m 512m --memory-swap=-1
-m 512m --memory-swap 0
-m 512m --memory-reservation 256m
--memory-reservation 100m
--memory-swappiness 0
--memory-swappiness 60
--memory-swappiness=-1
--oom-kill-disable
--oom-kill-disable=false
--oom-score-adj 500
--oom-score-adj=-500
--cpus 1
--cpus 1.5
--cpus=0.01
--cpus .5
--cpus 3/2
--cpus 1.001
--cpu-shares 512
-c 512
-c512
--cpu-period 50000
--cpu-period=0xc350
--cpu-quota 50000
--cpu-period 50000 --cpu-quota 25000
--cpuset-cpus 0
--cpuset-cpus 0-1
--cpuset-cpus 0,1
--cpuset-mems 0
--pids-limit 100
--pids-limit=4096
--shm-size 128m
--shm-size 1g
--shm-size 0
--shm-size 65536
--ulimit nofile=1024
--ulimit nofile=1024:2048
--ulimit nofile=100 --ulimit nofile=200
--ulimit core=-1
--ulimit core=0 --ulimit nproc=100:200
--ulimit memlock=-1:-1
--ulimit stack=-1:-1 --ulimit cpu=10
--blkio-weight 500
--blkio-weight 0
--blkio-weight-device /dev/null:200
--device-read-bps /dev/null:1mb
--device-write-bps /dev/null:1024
--device-read-iops /dev/null:1000
--device-write-iops=/dev/null:1000 --device-write-iops /dev/zero:20
"""

_SURROUNDINGS = """
-e A=1
-eA=1
--env A=1 --env B=
--env=A=b=c
--env "A=with spaces and 'quotes'"
-e A=1 -e A=2
-e FROM_EDITOR
-e NOT_THERE_AT_ALL
--env-file plain.env
--env-file plain.env -e PLAIN=2
-v ./config:/config
-v ./config:/config:ro
-v ./config:/config:rw
-v twin-cache:/cache
-v twin-cache:/cache:ro
--volume=./config:/config --volume ./config:/again:ro
--mount type=bind,src=./config,dst=/config
--mount type=bind,source=./config,target=/config,readonly
--mount type=bind,src=./config,destination=/config,ro=true
--mount type=bind,src=./config,dst=/config,ro=0
--mount 'type=bind,"src=./config",dst=/config,bind-propagation=rprivate'
--mount TYPE=bind,src=./config,dst=/config
--mount type=volume,src=twin-cache,dst=/cache
--mount src=twin-cache,dst=/cache,volume-nocopy
--mount type=tmpfs,dst=/scratch
--mount type=tmpfs,dst=/scratch,tmpfs-size=64m
--mount type=tmpfs,dst=/scratch,tmpfs-size=1048576,tmpfs-mode=700
--tmpfs /scratch
--tmpfs /scratch:size=64m
--tmpfs /scratch:rw,noexec,nosuid,nodev,size=65536k,mode=1777
--tmpfs=/scratch:exec,uid=1000,gid=1000 --tmpfs /run
--tmpfs /tmp:size=10m
--tmpfs /scratch:size=50%
--read-only
--read-only=true
--read-only=false
--read-only --tmpfs /run
-w /opt
--workdir /opt/deep
--workdir=/workspace
-h box
--hostname box
--hostname box.example.com
--domainname example.com
-l a=1
--label a=1 --label b
--label=com.example.some-label=x=y
--label a=1 --label a=2
--init
--init=false
--init=T
--platform linux/amd64
--pull never
--pull missing
--entrypoint /bin/sh
--entrypoint ''
-u 1234:1234
--user 0:0
--user=1234:0
--log-opt max-size=10m
--log-opt max-size=1g --log-opt max-file=5
"""

_LIFE = """
--stop-signal SIGINT
--stop-signal 9
--stop-signal=sigquit
--stop-timeout 5
--stop-timeout 0
--stop-timeout=-1
--no-healthcheck
--health-cmd true
--health-cmd 'curl -f http://localhost/ || exit 1'
--health-cmd x --health-interval 5s --health-retries 3
--health-interval 1m30s
--health-timeout=1.5s
--health-start-period 500ms --health-cmd x
--health-retries 2
"""

_NETWORK = """
--network none
--network bridge
--network default
--network host
--net none
--network=none
--network NETWORK
--network NETWORK --network-alias web
--network NETWORK --net-alias web --network-alias api
--network NETWORK --ip ADDRESSES50
--network name=NETWORK
--network name=NETWORK,alias=web,ip=ADDRESSES51
-p 8080:80
-p8080:80
-p 80
-p 127.0.0.1:8080:80
-p 127.0.0.1::80
-p [::1]:8080:80
-p 8080:80/udp
-p 8080-8082:80-82
-p 8000-9000:80
-p 8080:80 -p 8081:80
-p published=8080,target=80
-p published=8080,target=80,protocol=udp
--publish=0.0.0.0:8080:80/tcp
-P
--publish-all --expose 80
--publish-all=false
--expose 80
--expose 80/udp --expose 8000-8003
--expose=9000-9001/sctp
--add-host a:1.2.3.4
--add-host a=1.2.3.4
--add-host a:::1
--add-host a:[::1]
--add-host a:host-gateway --add-host b:10.0.0.1
--add-host host.docker.internal:10.1.1.1
--dns 1.1.1.1
--dns 1.1.1.1 --dns 2606:4700:4700:0::1111
--dns-search example.com
--dns-search . --dns-option ndots:2
--dns-opt use-vc
"""

_PRIVILEGES = """
--cap-drop NET_RAW
--cap-drop ALL
--cap-drop all --cap-add SYS_PTRACE
--cap-add sys_ptrace
--cap-add CAP_NET_ADMIN --cap-add NET_ADMIN
--cap-add=NET_BIND_SERVICE
--security-opt no-new-privileges
--security-opt=no-new-privileges:true
--privileged=false
--ipc private
--ipc none
--ipc ''
--cgroupns private
--cgroup-parent /berth-test
--device /dev/null
--device /dev/null:/dev/other
--device /dev/null:r
--device /dev/null:/dev/other:rw
--device=/dev/null --device /dev/zero
--device-cgroup-rule 'c 1:3 rwm'
--device-cgroup-rule 'b *:* r'
--gpus all
--gpus 2
--gpus=device=0
--gpus '"device=0,1"'
--gpus '"device=GPU-1","capabilities=compute,utility"'
--gpus driver=nvidia,count=1
--group-add 2000
--group-add audio --group-add 27
--runtime runc
--sysctl net.ipv4.ip_forward=1
--sysctl kernel.shmmax=1000000 --sysctl net.core.somaxconn=1024
"""

_MIXED = """
-m 2g --gpus all
-m 1g --cpus 1 --pids-limit 256 --shm-size 256m --ulimit nofile=4096
-e A=1 -v ./config:/config:ro -w /config -u 1234:1234 -h box
--network none --read-only --tmpfs /run --tmpfs /tmp:size=5m --cap-drop ALL --security-opt no-new-privileges
--init=0 --stop-timeout 3 --label x=y --log-opt max-file=2 --health-cmd true --health-retries 1
-Pe A=1
-p 127.0.0.1:5432:5432 --add-host db:10.0.0.5 --dns 9.9.9.9 --expose 1
"""

CASES = [
    line
    for group in (_RESOURCES, _SURROUNDINGS, _LIFE, _NETWORK, _PRIVILEGES, _MIXED)
    for line in group.strip().splitlines()
]
