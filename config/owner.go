package config

import "os"

// EnvDeployment is the variable that names the deployment to the program where
// its state is not the team's, see [Owner].
const EnvDeployment = "PLATFORM_DEPLOYMENT"

// The annotations of every object that say whose it is. Pods have none: a
// Deployment whose pods got another one would start all of them again.
const (
	AnnotationProject    = "platform/project"
	AnnotationStack      = "platform/stack"
	AnnotationDeployment = "platform/deployment"
)

// Owner is the deployment that an object of a cluster belongs to: another one
// neither adopts nor deletes it, though it has the same names.
type Owner struct {
	Project    string // of Pulumi
	Stack      string
	Deployment string // the key of a state of one user's, such as that of CONTEXT=; empty where it is the team's
}

// OwnerHere is the owner of what the program makes for a stack.
func OwnerHere(project, stack string) Owner {
	return Owner{Project: project, Stack: stack, Deployment: os.Getenv(EnvDeployment)}
}

// OwnerOf reads the annotations of an object; without any it is nobody's.
func OwnerOf(annotations map[string]string) Owner {
	return Owner{Project: annotations[AnnotationProject], Stack: annotations[AnnotationStack], Deployment: annotations[AnnotationDeployment]}
}

// Annotations are those of an object of this owner.
func (o Owner) Annotations() map[string]string {
	annotations := map[string]string{AnnotationProject: o.Project, AnnotationStack: o.Stack}
	if o.Deployment != "" {
		annotations[AnnotationDeployment] = o.Deployment
	}
	return annotations
}

// String names the owner in a sentence.
func (o Owner) String() string {
	switch {
	case o == Owner{}:
		return "nobody that this program knows"
	case o.Deployment != "":
		return "deployment " + o.Deployment + " of stack " + o.Stack + " of project " + o.Project + ", whose state one user has"
	default:
		return "stack " + o.Stack + " of project " + o.Project
	}
}
