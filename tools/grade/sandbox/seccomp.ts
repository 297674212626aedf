// The calls of Linux that a confined program has no use for and an attacker has, refused by a filter of the kernel's own.
import { UserError } from "../../notebooks/user-error";

/** A machine's number for itself (`AUDIT_ARCH_*` of linux/audit.h), and its numbers of the refused calls. */
interface Machine {
  readonly audit: number;
  readonly clone: number;
  readonly fcntl: number;
  readonly mmap: number;
  readonly prctl: number;
  readonly setsockopt: number;
  readonly socket: number;
  readonly socketpair: number;
  readonly refused: readonly number[];
  /** From this number on calls belong to another way of calling (x32), whose numbers would pass the list. */
  readonly otherFrom?: number;
}

/**
 * Refused on both machines, with their numbers on x86-64 (asm/unistd_64.h) and on arm64 (asm-generic/unistd.h): keyrings, which
 * programs of one user share; other processes' memory; namespaces and mounts; programs within Linux itself; the machine's clock,
 * modules and disks; rings, in which a call is made that no filter sees; and what holds memory that no process shows, or of which the
 * whole machine has one supply: files without a name, segments, semaphores and queues, watches on files, pages that a pipe was given (two
 * megabytes for one byte of a large page), rules of Landlock's; and locks on files, which programs of two learners see of each other.
 */
const calls: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  unshare: [272, 97],
  setns: [308, 268],
  chroot: [161, 51],
  pivot_root: [155, 41],
  mount: [165, 40],
  umount2: [166, 39],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  acct: [163, 89],
  quotactl: [179, 60],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142],
  syslog: [103, 116],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  semget: [64, 190],
  msgget: [68, 186],
  mq_open: [240, 180],
  inotify_init1: [294, 26],
  fanotify_init: [300, 262],
  io_setup: [206, 0],
  vmsplice: [278, 75],
  landlock_create_ruleset: [444, 444],
  flock: [73, 32],
};

const numbers = (machine: 0 | 1): number[] => Object.values(calls).map((pair) => pair[machine]);

const machines: Readonly<Record<string, Machine>> = {
  // Besides: ports of the machine (iopl, ioperm), its segments (modify_ldt), and an older way to watch files (inotify_init).
  x64: {
    audit: 0xc000003e,
    clone: 56,
    fcntl: 72,
    mmap: 9,
    prctl: 157,
    setsockopt: 54,
    socket: 41,
    socketpair: 53,
    refused: [...numbers(0), 172, 173, 154, 253],
    otherFrom: 0x40000000,
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    fcntl: 25,
    mmap: 222,
    prctl: 167,
    setsockopt: 208,
    socket: 198,
    socketpair: 199,
    refused: numbers(1),
  },
};

/** The same number on both. It takes its flags in memory, where a filter cannot look; the C library falls back on `clone`. */
const CLONE3 = 435;
/** `CLONE_NEWNS`, `NEWCGROUP`, `NEWUTS`, `NEWIPC`, `NEWUSER`, `NEWPID`, `NEWNET`. */
const NEW_NAMESPACES = 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000;
/** A thread that shares its process's files, as every library makes it; what another held would be seen with no process. */
const [CLONE_FILES, CLONE_THREAD] = [0x400, 0x10000];

const [EPERM, ENOSYS] = [1, 38];
const KILL = 0x80000000;
const ALLOW = 0x7fff0000;
const fail = (errno: number): number => 0x50000 | errno;

/** Offsets in `struct seccomp_data`: the call, the machine, the low halves of the first to the fourth argument. */
const [NUMBER, ARCHITECTURE, FIRST, SECOND, THIRD, FOURTH] = [0, 4, 16, 24, 32, 40];
/** Together in the flags of `mmap`: memory shared with children, which stays when the child that filled it has ended. */
const [MAP_SHARED, MAP_ANONYMOUS] = [0x01, 0x20];
/** `SO_SNDBUF`, `SO_RCVBUF`, their `FORCE` forms, and `SO_ATTACH_FILTER`: what a socket holds is what it holds unless asked for more. */
const BUFFER_SIZES = [7, 8, 32, 33, 26];
/** Sockets between a program's own processes. There is no network, and a connection of TCP to itself holds megabytes. */
const AF_UNIX = 1;
/**
 * `F_GETLK`, `F_SETLK`, `F_SETLKW`, their `OFD` forms, `F_SETLEASE`, `F_NOTIFY`: a file may have any number of locks, of 200 bytes each that no
 * process shows, and whoever can read a file of the system's sees there what another learner's program has locked, or that it opened it.
 */
const FILE_LOCKS = [5, 6, 7, 36, 37, 38, 1024, 1026];
/** `PR_FUTEX_HASH`: a table of the asker's choice, gigabytes large. */
const FUTEX_HASH = 78;
/** `BPF_LD | BPF_W | BPF_ABS`, `BPF_RET | BPF_K`, and `BPF_JMP` with `BPF_JEQ`, `BPF_JGE`, `BPF_JSET`. */
const [LOAD, RETURN, EQUAL, AT_LEAST, HAS] = [0x20, 0x06, 0x15, 0x35, 0x45];

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, value: number];

/** Refuses where the test holds. */
const refuse = (test: number, value: number, errno: number): Instruction[] => [
  [test, 0, 1, value],
  [RETURN, 0, 0, fail(errno)],
];

/** What is asked of a call's argument; every other call jumps over all of it. What it has not refused it lets pass. */
const where = (call: number, argument: number, checks: readonly Instruction[]): Instruction[] => [
  [EQUAL, 0, checks.length + 2, call],
  [LOAD, 0, 0, argument],
  ...checks,
  [RETURN, 0, 0, ALLOW],
];

/**
 * The filter, as bubblewrap's `--seccomp` reads it: `struct sock_filter` one after another.
 * @throws UserError for a machine whose numbers are not known
 */
export function seccompFilter(architecture: string = process.arch): Buffer {
  const machine = machines[architecture];
  if (!machine)
    throw new UserError(
      `the sandbox knows the system calls of ${Object.keys(machines).join(" and ")}; this machine is ${architecture}. Grade on one of those, or choose --sandbox podman`,
    );
  const instructions: Instruction[] = [
    [LOAD, 0, 0, ARCHITECTURE],
    [EQUAL, 1, 0, machine.audit],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, NUMBER],
    ...(machine.otherFrom === undefined ? [] : refuse(AT_LEAST, machine.otherFrom, ENOSYS)),
    ...machine.refused.flatMap((call) => refuse(EQUAL, call, EPERM)),
    ...refuse(EQUAL, CLONE3, ENOSYS),
    ...where(machine.clone, FIRST, [
      ...refuse(HAS, NEW_NAMESPACES, EPERM),
      [HAS, 0, 2, CLONE_THREAD],
      [HAS, 1, 0, CLONE_FILES],
      [RETURN, 0, 0, fail(EPERM)],
    ]),
    ...where(machine.mmap, FOURTH, [[HAS, 0, 2, MAP_ANONYMOUS], ...refuse(HAS, MAP_SHARED, EPERM)]),
    ...where(
      machine.setsockopt,
      THIRD,
      BUFFER_SIZES.flatMap((option) => refuse(EQUAL, option, EPERM)),
    ),
    ...[machine.socket, machine.socketpair].flatMap((call) =>
      where(call, FIRST, [
        [EQUAL, 1, 0, AF_UNIX],
        [RETURN, 0, 0, fail(EPERM)],
      ]),
    ),
    ...where(
      machine.fcntl,
      SECOND,
      FILE_LOCKS.flatMap((command) => refuse(EQUAL, command, EPERM)),
    ),
    ...where(machine.prctl, FIRST, refuse(EQUAL, FUTEX_HASH, EPERM)),
    [RETURN, 0, 0, ALLOW],
  ];
  const bytes = Buffer.alloc(8 * instructions.length);
  instructions.forEach(([code, jumpTrue, jumpFalse, value], index) => {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(jumpTrue, 8 * index + 2);
    bytes.writeUInt8(jumpFalse, 8 * index + 3);
    bytes.writeUInt32LE(value >>> 0, 8 * index + 4);
  });
  return bytes;
}
