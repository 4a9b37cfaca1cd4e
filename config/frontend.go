package config

// Frontend configures nginx with the single-page application.
type Frontend struct {
	Image        string            `key:"image"` // repository:tag
	Replicas     int               `key:"replicas"`
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	SentryDSN    string            `key:"sentryDsn"`    // public by design: browsers send to it; empty means none
	LivePath     string            `key:"livePath"`     // default /healthz
	ReadyPath    string            `key:"readyPath"`    // default /ready
	InjectedFile string            `key:"injectedFile"` // that the start script writes; default as release.go has it
}

func (f *Frontend) applyDefaults() {
	setDefault(&f.LivePath, DefaultLivePath)
	setDefault(&f.ReadyPath, DefaultReadyPath)
	setDefault(&f.InjectedFile, releaseOf(f.Image).injectedFile())
}

func (f Frontend) validate(into *collector) {
	const key = "frontend"
	into.image(key+".image", f.Image)
	into.positive(key+".replicas", f.Replicas)
	into.resources(key+".resources", f.Resources)
	into.labels(key+".nodeSelector", f.NodeSelector)
	into.path(key+".livePath", f.LivePath)
	into.path(key+".readyPath", f.ReadyPath)
	into.place(key+".injectedFile", f.InjectedFile, "a file such as "+DefaultInjectedFile)
	if f.SentryDSN != "" {
		into.https(key+".sentryDsn", f.SentryDSN)
	}
}
