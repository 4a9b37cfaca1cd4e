package machine

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// searchPath is where programs are on the distributions that have what nodes
// need.
const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

const (
	restartPause = time.Second            // before a service that ended is started again
	endPatience  = 3 * time.Second        // what everything gets to end by itself
	socketWait   = 30 * time.Second       // how long a service may take to make its socket
	lookPause    = 100 * time.Millisecond // between two looks
)

// supervisor is the first process of a machine: it starts the services, starts
// those again that end, and waits for whatever process lost its parent.
type supervisor struct {
	services []Service
	running  map[int]int // the number of a process to the index of its service
	ended    chan int    // the index of a service that is to be started again
}

// supervise runs the services until SIGTERM, and then ends every process of
// the machine.
func (m Machine) supervise() error {
	children, stop := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	s := &supervisor{services: m.Services, running: map[int]int{}, ended: make(chan int, len(m.Services))}
	for i := range s.services {
		if err := s.start(i); err != nil {
			return err
		}
		if err := s.waitSocket(s.services[i], children, stop); err != nil {
			return err
		}
	}
	for {
		select {
		case <-children:
			s.reap(true)
		case i := <-s.ended:
			if err := s.start(i); err != nil {
				return err
			}
		case <-stop:
			s.end(children)
			return nil
		}
	}
}

// start starts a service in a group of its own.
func (s *supervisor) start(i int) error {
	one := s.services[i]
	log, err := os.OpenFile(one.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("%s: %w", one.Name, err)
	}
	defer log.Close() // the child has its own
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return fmt.Errorf("%s: %w", one.Name, err)
	}
	defer nothing.Close()
	pid, err := syscall.ForkExec(one.Args[0], one.Args, &syscall.ProcAttr{
		Dir: "/", Env: one.Env, Files: []uintptr{nothing.Fd(), log.Fd(), log.Fd()},
		Sys: &syscall.SysProcAttr{Setpgid: true},
	})
	if err != nil {
		return fmt.Errorf("%s: %s: %w", one.Name, one.Args[0], err)
	}
	s.running[pid] = i
	return nil
}

// waitSocket waits until a service that others need is there for them.
func (s *supervisor) waitSocket(one Service, children, stop <-chan os.Signal) error {
	if one.Socket == "" {
		return nil
	}
	ticker := time.NewTicker(lookPause)
	defer ticker.Stop()
	for end := time.Now().Add(socketWait); time.Now().Before(end); {
		if _, err := os.Stat(one.Socket); err == nil {
			return nil
		}
		select {
		case <-children:
			s.reap(true)
		case i := <-s.ended:
			if err := s.start(i); err != nil {
				return err
			}
		case <-stop:
			return errors.New("told to end during its start")
		case <-ticker.C:
		}
	}
	return fmt.Errorf("%s: no socket %s after %s; see %s", one.Name, one.Socket, socketWait, one.Log)
}

// reap waits for every process that has ended, the services' and those that
// lost their parent.
func (s *supervisor) reap(restart bool) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		i, is := s.running[pid]
		if !is {
			continue
		}
		delete(s.running, pid)
		if restart {
			fmt.Fprintf(os.Stderr, "%s %s ended (exit status %d, signal %d); starting it again\n",
				time.Now().UTC().Format(time.RFC3339), s.services[i].Name, status.ExitStatus(), status.Signal())
			time.AfterFunc(restartPause, func() { s.ended <- i })
		}
	}
}

// end ends the services, the last one first, so that nothing starts containers
// again, and then all other processes, politely. What is left ends with this
// process.
func (s *supervisor) end(children <-chan os.Signal) {
	for i := len(s.services) - 1; i > 0; i-- {
		for pid, service := range s.running {
			if service == i {
				_ = unix.Kill(pid, unix.SIGKILL) // gone already is as good
			}
		}
	}
	_ = unix.Kill(-1, unix.SIGTERM) // nobody there is as good
	patience := time.After(endPatience)
	for {
		s.reap(false)
		if err := unix.Kill(-1, 0); errors.Is(err, unix.ESRCH) {
			return
		}
		select {
		case <-children:
		case <-time.After(lookPause):
		case <-patience:
			return
		}
	}
}
